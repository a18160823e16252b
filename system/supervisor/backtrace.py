"""The return addresses of a stopped thread, found by following its frame pointers through its stack.

Where a frame pointer is the frame's lower end, its distance from what the function saved is in the function's first
instructions only, and is read there.
"""

from __future__ import annotations

from typing import Final

from abi.console import BACKTRACE_ADDRESSES
from abi.kernel import READ
from abi.start import SPACE, STACK_SLOT_BYTES, STACKS_ADDRESS, THREADS, WINDOWS_ADDRESS
from metal import U64, Array, Ptr, Words, raw, struct, u32, u64
from system.runtime.calls import map_memory, unmap

UNSAFE: Final = True

WORD_BYTES: Final = 8
# Where a fault message has the program counter, the frame pointer and the link register.
COUNTER_WORD: Final = 2
FRAME_WORD: Final = 5
LINK_WORD: Final = 6
# How far below a frame pointer the record lies that it stands for; the build says what the machine's compilers do.
FRAME_RECORD: Final = 0
# Or the instructions with which a function begins (`Prologue` of the targets); 0 where the distance is always the same.
MAKE_ROOM: Final = 0
SAVE_RETURN: Final = 0
SAVE_FRAME: Final = 0
SET_FRAME: Final = 0
INSTRUCTION_BYTES: Final = 4
OPERATION_SHIFT: Final = 16
OFFSET_MASK: Final = 0x7FFF
NEGATIVE: Final = 0x8000
STACKS_END: Final = STACKS_ADDRESS + THREADS * STACK_SLOT_BYTES
LONGEST_FUNCTION: Final = 0x1_0000  # bytes


@struct
class Code:
    """The instructions of a process, seen from here."""

    start: u64 = 0  # in the process
    size: u64 = 0
    place: u64 = 0

    def holds(self, address: u64) -> bool:
        """Whether an instruction stands at this address of the process."""
        return address >= self.start and address - self.start < self.size and address % INSTRUCTION_BYTES == 0

    def instruction(self, address: u64) -> u32:
        """The one at an address that `holds` accepts."""
        found: u32 = raw(u32, self.place + (address - self.start))[0]
        return found


@struct
class Record:
    """Where on the stack a function keeps its caller's frame pointer, and where it returns to."""

    frame: u64 = 0
    link: u64 = 0

    def find(self, code: Ptr[Code], counter: u64, frame: u64) -> bool:
        """That of the function that is at an address, with its frame pointer; False when it has not saved them yet."""
        self.frame = 0
        self.link = 0
        if frame < FRAME_RECORD or frame > STACKS_END:
            return False
        if SET_FRAME == 0:
            self.frame = frame - FRAME_RECORD
            self.link = self.frame + WORD_BYTES
            return True
        made = False
        for back in range(U64(INSTRUCTION_BYTES), U64(LONGEST_FUNCTION), INSTRUCTION_BYTES):
            if back > counter or not code.holds(counter - back):
                break
            instruction = code.instruction(counter - back)
            operation = instruction >> OPERATION_SHIFT
            offset = U64(instruction & OFFSET_MASK)
            if operation == MAKE_ROOM and instruction & NEGATIVE != 0:
                return made and self.frame != 0 and self.link != 0
            if instruction == SET_FRAME:
                made = True
            elif operation == SAVE_FRAME:
                self.frame = frame + offset
            elif operation == SAVE_RETURN:
                self.link = frame + offset
        return False


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


def collect(fault: Ptr[Words], stacks: u64, stack_bytes: u64, threads: u64, code: Ptr[Code], into: Array[u64]) -> u64:
    """Fills in the link register and the return addresses, the nearest first; the result is how many."""
    # A function that has not made its frame yet is found only here; the reader knows when it is stale.
    into[0] = fault.w[LINK_WORD]
    size = stack_bytes * threads
    mapped = map_memory(SPACE, stacks, 0, WINDOWS_ADDRESS, size, READ)
    if mapped is not None:
        return 1
    view = StackView(stack_bytes, threads)
    count = follow(view, code, fault, into)
    unmapped = unmap(SPACE, WINDOWS_ADDRESS)
    if unmapped is not None:
        return 0
    return count


def follow(view: Ptr[StackView], code: Ptr[Code], fault: Ptr[Words], into: Array[u64]) -> u64:
    """Fills in the return addresses of the frames; the result is how many there are with the link register."""
    counter = fault.w[COUNTER_WORD]
    frame = fault.w[FRAME_WORD]
    record = Record()
    if not record.find(code, counter, frame):
        counter = fault.w[LINK_WORD]
    count: u64 = 1
    # Each frame lies above the one it was called from, so a damaged chain ends too.
    while count < BACKTRACE_ADDRESSES and record.find(code, counter, frame):
        if not view.holds(record.frame) or not view.holds(record.link):
            break
        address = view.word(record.link)
        above = view.word(record.frame)
        if address == 0:
            break
        into[count] = address
        count += 1
        if above <= frame:
            break
        counter = address
        frame = above
    return count
