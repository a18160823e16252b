"""Where code and data lie can be said; functions may be kept, inlined or not."""
# machine
from typing import Final

from metal import Array, addr_of, align, array, export, inline, noinline, section, size_of, struct, u32, u64

UNSAFE: Final = True


@align(64)
@struct
class Line:
    n: u32 = 0


lines: Array[Line] = array(2)


@noinline
def far(x: u64) -> u64:
    return x + 1


@inline
def near(x: u64) -> u64:
    return x + 2


@export
def kept_by_name(x: u64) -> u64:
    return x + 3


@section(".text.early")
def early(x: u64) -> u64:
    return x + 4


def test_calls() -> None:
    assert far(1) == 2
    assert near(1) == 3
    assert kept_by_name(1) == 4
    assert early(1) == 5


def test_alignment() -> None:
    assert size_of(Line) == 64
    assert addr_of(lines[0]) % 64 == 0
    assert addr_of(lines[1]) - addr_of(lines[0]) == 64
