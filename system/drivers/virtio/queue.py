"""A split virtqueue (VirtIO 1.2, section 2.7) with requests of one buffer each, in memory that the device reaches.

The device may write anything anywhere in that memory at any time: what is read from it is fetched once and checked.
"""

from __future__ import annotations

from typing import Final

from metal import U64, Shared, fence, panic, shared_at, struct, u16, u32, u64

UNSAFE: Final = True

QUEUE_SIZE: Final = 8
DESCRIPTORS: Final = 0
AVAILABLE: Final = 128
USED: Final = 256
QUEUE_BYTES: Final = 512

DEVICE_WRITES: Final = 2
NO_REQUEST: Final = 0xFFFF_FFFF
# Both rings begin with flags and an index.
INDEX: Final = 1
RING: Final = 2
INDEX_BYTES: Final = 2


@struct
class Descriptor:
    """One buffer, as the device reads it."""

    address: u64 = 0
    length: u32 = 0
    flags: u16 = 0
    next: u16 = 0


@struct
class Queue:
    """The driver's side: where the parts are, and what it must remember without asking the device."""

    address: u64 = 0
    physical: u64 = 0
    # Counted modulo 2^16, as the rings count.
    offered: u16 = 0
    taken: u16 = 0
    # Bytes of the request that was taken last.
    length: u32 = 0

    def begin(self, address: u64, physical: u64) -> None:
        """An empty queue in QUEUE_BYTES of memory, which the device does not use now."""
        self.address = address
        self.physical = physical
        self.offered = 0
        self.taken = 0
        words: Shared[u64] = shared_at(u64, address, QUEUE_BYTES // 8)
        for index in range(U64(QUEUE_BYTES // 8)):
            words.write(index, 0)

    def offer(self, physical: u64, length: u32) -> None:
        """Offers a buffer for the device to write; at most QUEUE_SIZE may be with it."""
        slot = self.offered % QUEUE_SIZE
        descriptors: Shared[Descriptor] = shared_at(Descriptor, self.address + DESCRIPTORS, QUEUE_SIZE)
        descriptors.put(U64(slot), Descriptor(physical, length, DEVICE_WRITES, 0))
        ring: Shared[u16] = shared_at(u16, self.address + AVAILABLE, RING + QUEUE_SIZE)
        ring.write(RING + U64(slot), slot)
        self.offered = next_index(self.offered)
        ring.store(INDEX, self.offered, "release")
        # The device must find the index when it is told to look.
        fence("seq_cst")

    def take(self) -> u32:
        """A request that the device has finished, by the slot it was offered in; NO_REQUEST when there is none."""
        index: Shared[u16] = shared_at(u16, self.address + USED, RING)
        if index.load(INDEX, "acquire") == self.taken or self.taken == self.offered:
            return NO_REQUEST
        elements: Shared[u32] = shared_at(u32, self.address + USED + RING * INDEX_BYTES, 2 * QUEUE_SIZE)
        place = U64(self.taken % QUEUE_SIZE) * 2
        slot = elements.read(place)
        self.length = elements.read(place + 1)
        self.taken = next_index(self.taken)
        if slot >= QUEUE_SIZE:
            panic(f"the device gives back request {slot}, which it was never given")
        return slot


def next_index(index: u16) -> u16:
    """The rings' indices go from the highest to zero."""
    return 0 if index == 0xFFFF else index + 1
