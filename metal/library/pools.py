"""A pool of structs whose ids go stale: the id of a released slot finds nothing, even when the slot is used again."""

from __future__ import annotations

from typing import Final, Generic, TypeVar

from metal import U32, U64, Slice, struct, u32, u64
from metal.library.failures import Full

T = TypeVar("T")

NEVER_USED: Final = 0


@struct
class Slot:
    """What a pool keeps beside each struct."""

    # Odd while the slot is taken; counts up with each take and each release.
    generation: u32 = 0
    # One more than the index of the next free slot; 0 ends the list.
    next_free: u32 = 0


@struct
class Pool(Generic[T]):
    """The structs and their slots are two slices of one length, at most 4,294,967,294 long.

    An id holds a slot's index and generation. The 2,147,483,648th release retires a slot for good, so that no id
    ever comes back.
    """

    memory: Slice[T]
    slots: Slice[Slot]
    # One more than the index of the first free slot; 0 when none was released yet.
    first_free: u32 = 0
    touched: u32 = 0
    count: u64 = 0

    def capacity(self) -> u64:
        return len(self.memory)

    def take(self) -> u64 | Full:
        """The id of a free slot, which is now taken. Its struct is as its last user left it."""
        index = self.touched
        if self.first_free != 0:
            index = self.first_free - 1
            self.first_free = self.slots[index].next_free
        elif U64(index) < len(self.memory):
            self.touched += 1
        else:
            return Full.FULL
        slot = self.slots[index]
        slot.generation += 1
        self.count += 1
        return (U64(slot.generation) << 32) | U64(index)

    def holds(self, id: u64) -> bool:
        """Whether the id names a slot that is still taken by whoever got that id."""
        index = id & 0xFFFF_FFFF
        return index < U64(self.touched) and U64(self.slots[index].generation) == id >> 32 and (id >> 32) & 1 == 1

    def get(self, id: u64) -> T | None:
        """The struct that an id names, or None when the id is stale or was never given."""
        if not self.holds(id):
            return None
        return self.memory[id & 0xFFFF_FFFF]

    def release(self, id: u64) -> bool:
        """Give a slot back; its id is stale from now on. The result is False when it was stale already."""
        if not self.holds(id):
            return False
        index = U32(id & 0xFFFF_FFFF)
        slot = self.slots[index]
        self.count -= 1
        if slot.generation == U32.MAX:
            # Even means free, and the last odd generation has no even one above it: the slot stays out of use.
            slot.generation = NEVER_USED
            return True
        slot.generation += 1
        slot.next_free = self.first_free
        self.first_free = index + 1
        return True

    def next_taken(self, index: u64) -> u64 | None:
        """The id of the first taken slot from an index on: how a pool is walked."""
        for candidate in range(index, U64(self.touched)):
            generation = self.slots[candidate].generation
            if generation & 1 == 1:
                return (U64(generation) << 32) | candidate
        return None
