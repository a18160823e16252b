"""The return addresses of a stopped thread, found by following its frame pointers through its stack."""

from __future__ import annotations

from typing import Final

from abi.console import BACKTRACE_ADDRESSES
from abi.kernel import READ
from abi.start import SPACE, STACK_SLOT_BYTES, STACKS_ADDRESS, WINDOWS_ADDRESS
from metal import Array, Ptr, Words, raw, struct, u64
from system.runtime.calls import map_memory, unmap

UNSAFE: Final = True

WORD_BYTES: Final = 8
# Where a fault message has the frame pointer and the link register.
FRAME_WORD: Final = 5
LINK_WORD: Final = 6
# How far below a frame pointer the record lies that it stands for; the build says what the machine's compilers do.
FRAME_RECORD: Final = 0


@struct
class StackView:
    """The stacks of one process, seen from here."""

    stack_bytes: u64 = 0
    threads: u64 = 0

    def holds(self, address: u64) -> bool:
        """Whether a word at this address of the process lies on one of its stacks."""
        if address < STACKS_ADDRESS or address % WORD_BYTES != 0:
            return False
        slot = (address - STACKS_ADDRESS) // STACK_SLOT_BYTES
        # The address may be any number: only that of a slot there is can be calculated with.
        if slot >= self.threads:
            return False
        return address >= STACKS_ADDRESS + (slot + 1) * STACK_SLOT_BYTES - self.stack_bytes

    def word(self, address: u64) -> u64:
        """The word at an address that `holds` accepts."""
        slot = (address - STACKS_ADDRESS) // STACK_SLOT_BYTES
        start = STACKS_ADDRESS + (slot + 1) * STACK_SLOT_BYTES - self.stack_bytes
        found: u64 = raw(u64, WINDOWS_ADDRESS + slot * self.stack_bytes + (address - start))[0]
        return found


def collect(fault: Ptr[Words], stacks: u64, stack_bytes: u64, threads: u64, into: Array[u64]) -> u64:
    """Fills in the link register and the return addresses, the nearest first; the result is how many."""
    frame = fault.w[FRAME_WORD]
    # A function that has not made its frame yet is found only here; the reader knows when it is stale.
    into[0] = fault.w[LINK_WORD]
    size = stack_bytes * threads
    mapped = map_memory(SPACE, stacks, 0, WINDOWS_ADDRESS, size, READ)
    if mapped is not None:
        return 1
    view = StackView(stack_bytes, threads)
    count: u64 = 1
    # Each frame lies above the one it was called from, so a damaged chain ends too.
    while count < BACKTRACE_ADDRESSES and frame >= FRAME_RECORD:
        record = frame - FRAME_RECORD
        if not view.holds(record) or not view.holds(record + WORD_BYTES):
            break
        address = view.word(record + WORD_BYTES)
        above = view.word(record)
        if address == 0:
            break
        into[count] = address
        count += 1
        if above <= frame:
            break
        frame = above
    unmapped = unmap(SPACE, WINDOWS_ADDRESS)
    if unmapped is not None:
        return 0
    return count
