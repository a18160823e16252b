"""What the suite says: `ok NAME` or `failed NAME: why`, through the kernel's own console."""

from __future__ import annotations

from typing import Final

from abi.boot import MACHINE
from abi.kernel import Call
from metal import U64, View, Words, export, kernel_call, struct, u8, u64

UNSAFE: Final = True

CHUNK: Final = 56


@struct
class Tally:
    """How it goes."""

    passed: u64 = 0
    failed: u64 = 0
    skipped: u64 = 0
    # The check that runs has failed already, or could not be made.
    broken: bool = False
    absent: bool = False


tally: Tally = Tally()


@export
def metal_write(stream: u8, text: View[u8]) -> None:
    """Where `print` and `panic` go: the kernel prints it, a few bytes a call."""
    done: u64 = 0
    while done < len(text):
        words = Words()
        count: u64 = 0
        while count < CHUNK and done < len(text):
            words.w[1 + count // 8] |= U64(text[done]) << count % 8 * 8
            count += 1
            done += 1
        words.w[0] = count
        kernel_call(Call.PRINT, MACHINE, 0, words)


def expect(holds: bool, why: str) -> bool:
    """Part of a check; the first that does not hold is the reason that is told."""
    if not holds and not tally.broken:
        tally.broken = True
        print(f"because: {why}")
    return holds


def expect_equal(found: u64, wanted: u64, what: str) -> bool:
    """Part of a check: two numbers are the same."""
    if found != wanted and not tally.broken:
        tally.broken = True
        print(f"because: {what} is {found:#x}, not {wanted:#x}")
    return found == wanted


def skip(why: str) -> None:
    """The check that runs cannot be made here."""
    if not tally.absent:
        tally.absent = True
        print(f"skipped: {why}")


def begin_check() -> None:
    """A check starts."""
    tally.broken = False
    tally.absent = False


def end_check(name: str) -> None:
    """A check ends: its line."""
    if tally.broken:
        tally.failed += 1
        print(f"failed {name}")
    elif tally.absent:
        tally.skipped += 1
        print(f"skipped {name}")
    else:
        tally.passed += 1
        print(f"ok {name}")
