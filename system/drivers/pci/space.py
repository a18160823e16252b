"""Where in a bus's window the registers of devices can go: what is taken, and the first place that is free."""

from __future__ import annotations

from typing import Final

from metal import Array, array, struct, u64

TAKEN: Final = 64
NOWHERE: Final = 0xFFFF_FFFF_FFFF_FFFF


@struct
class Space:
    """Stretches of the window, counted from its first byte, that devices have; whole pages, so that none shares one."""

    size: u64 = 0
    page: u64 = 0
    count: u64 = 0
    starts: Array[u64] = array(TAKEN)
    ends: Array[u64] = array(TAKEN)

    def keep(self, start: u64, size: u64) -> bool:
        """Takes a stretch that somebody has already; whether there was room to remember it."""
        if self.count == TAKEN:
            return False
        self.starts[self.count] = start // self.page * self.page
        self.ends[self.count] = (start + size + self.page - 1) // self.page * self.page
        self.count += 1
        return True

    def take(self, size: u64) -> u64:
        """Takes so many bytes, a power of two, at a multiple of their number and in pages of their own; or NOWHERE."""
        step = size if size > self.page else self.page
        start: u64 = 0
        while start + step <= self.size:
            end = self.end_of_taken(start, start + step)
            if end == 0:
                return start if self.keep(start, size) else NOWHERE
            start = (end + step - 1) // step * step
        return NOWHERE

    def end_of_taken(self, start: u64, end: u64) -> u64:
        """Where the taken stretches that overlap this one end; 0 when none does."""
        last: u64 = 0
        for index in range(self.count):
            if self.starts[index] < end and start < self.ends[index] and self.ends[index] > last:
                last = self.ends[index]
        return last
