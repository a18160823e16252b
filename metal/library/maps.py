"""A map from integers to values over memory that its owner gives: open addressing, without tombstones."""

from __future__ import annotations

from typing import Generic, TypeVar

from metal import U64, W64, Slice, i32, i64, struct, u8, u16, u32, u64, w64
from metal.library.failures import Full

K = TypeVar("K", bound=u8 | u16 | u32 | u64 | i32 | i64)
V = TypeVar("V")


@struct
class Map(Generic[K, V]):
    """Keys, values and taken are three slices of one length, the capacity; `taken` starts as all False.

    Keep a map at most three quarters full: an operation looks at every neighbour that its key collided with.
    """

    keys: Slice[K]
    values: Slice[V]
    taken: Slice[bool]
    count: u64 = 0

    def capacity(self) -> u64:
        return len(self.taken)

    def home(self, key: K) -> u64:
        """Where a key wants to stand."""
        # Multiplying by 2^64 over the golden ratio spreads neighbouring keys; its high bits are the best ones.
        scattered: w64 = W64(U64.wrap(key)) * 0x9E37_79B9_7F4A_7C15
        return U64(scattered >> 32) * len(self.taken) >> 32

    def after(self, slot: u64) -> u64:
        """The next slot, around the end."""
        return 0 if slot + 1 == len(self.taken) else slot + 1

    def find(self, key: K) -> u64 | None:
        """The slot that holds a key."""
        if self.count == 0:
            return None
        slot = self.home(key)
        for _ in range(len(self.taken)):
            if not self.taken[slot]:
                return None
            if self.keys[slot] == key:
                return slot
            slot = self.after(slot)
        return None

    def contains(self, key: K) -> bool:
        return self.find(key) is not None

    def get(self, key: K) -> V | None:
        slot = self.find(key)
        if slot is None:
            return None
        return self.values[slot]

    def put(self, key: K, value: V) -> Full | None:
        """Give a key a value; one that it had is replaced."""
        found = self.find(key)
        if found is not None:
            self.values[found] = value
            return None
        if self.count == len(self.taken):
            return Full.FULL
        slot = self.home(key)
        while self.taken[slot]:
            slot = self.after(slot)
        self.keys[slot] = key
        self.values[slot] = value
        self.taken[slot] = True
        self.count += 1
        return None

    def remove(self, key: K) -> bool:
        """Forget a key; the result says whether it was there."""
        found = self.find(key)
        if found is None:
            return False
        hole = found
        slot = self.after(hole)
        # Whoever stands behind the hole and would not be found from its home any more moves into it.
        while self.taken[slot] and slot != found:
            if self.distance(self.home(self.keys[slot]), slot) >= self.distance(hole, slot):
                self.keys[hole] = self.keys[slot]
                self.values[hole] = self.values[slot]
                hole = slot
            slot = self.after(slot)
        self.taken[hole] = False
        self.count -= 1
        return True

    def distance(self, start: u64, slot: u64) -> u64:
        """How many steps lead from start to slot, around the end."""
        return slot - start if slot >= start else slot + len(self.taken) - start

    def next_taken(self, slot: u64) -> u64 | None:
        """The first taken slot from slot on: how a map is walked, in no particular order."""
        for candidate in range(slot, len(self.taken)):
            if self.taken[candidate]:
                return candidate
        return None

    def clear(self) -> None:
        self.taken.fill(False)
        self.count = 0
