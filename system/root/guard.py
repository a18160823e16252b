"""All that root is for once the system runs: if the supervisor fails, to say so and to end the device."""

from __future__ import annotations

from typing import Final

from abi.console import EXIT, EXIT_FAULT, NOBODY, ExitReport
from abi.kernel import Fault
from metal import U64, Words, addr_of, size_of, slice_at, struct, u8, u64
from system.console.frames import Frame
from system.runtime.calls import machine_stop, receive_fault
from system.runtime.output import write_early
from system.runtime.program import program

UNSAFE: Final = True

FAULT_STATUS: Final = 126


@struct
class LastWords:
    """The frame that tells the host how the device ended."""

    frame: Frame = Frame()


last_words: LastWords = LastWords()


def guard(endpoint: u64) -> None:
    """Waits for the one message that should never come."""
    words = Words()
    while receive_fault(endpoint, words) is not None:
        # A wait that was broken off is no fault.
        continue
    kind = Fault(int(words.w[0]))
    print(f"the supervisor failed: {kind} at {words.w[1]:x}, program counter {words.w[2]:x}")
    report = ExitReport(FAULT_STATUS, EXIT_FAULT)
    payload = slice_at(u8, addr_of(report), size_of(ExitReport))
    write_early(last_words.frame.encode(EXIT, NOBODY, payload))
    refused = machine_stop(program.machine, U64(FAULT_STATUS))
    assert refused is None
