"""Driver of the VirtIO entropy device (VirtIO 1.2, section 5.4): random bytes, kept until somebody wants them.

The device has one buffer in the memory it reaches and writes random bytes into it; its interrupt says that it has.
"""

from __future__ import annotations

from typing import Final

from abi.interface import CallError
from abi.kernel import NEVER
from abi.services.rng import Rng
from abi.start import DMA_ADDRESS, NOTIFICATION, DeviceGrant
from metal import U64, Array, Slice, array, panic, ptr_at, shared_at, struct, u8, u64
from system.app import offer
from system.drivers.virtio.queue import NO_REQUEST, QUEUE_BYTES, Queue
from system.drivers.virtio.transport import Transport
from system.runtime.calls import interrupt_acknowledge, interrupt_bind
from system.runtime.messages import MESSAGE_BYTES, Message
from system.runtime.program import program, start_record
from system.runtime.rings import ByteRing
from system.runtime.server import answer_later, answer_now, serve_until

UNSAFE: Final = True

INTERRUPT_BIT: Final = 1
REQUEST_BYTES: Final = 512
BUFFER: Final = QUEUE_BYTES
READERS: Final = 8


@struct
class RngDevice:
    """The device, the bytes it gave, and who waits for more."""

    interrupt: u64 = 0
    answered: u64 = 0
    asked: bool = False
    transport: Transport = Transport()
    queue: Queue = Queue()
    bytes: ByteRing = ByteRing()
    # Kept calls, the oldest first, and how many bytes each has room for.
    readers: u64 = 0
    reader: Array[u64] = array(READERS)
    reader_wants: Array[u64] = array(READERS)
    answer: Array[u8] = array(MESSAGE_BYTES)

    def begin(self, device: DeviceGrant, memory: u64, physical: u64) -> None:
        """Sets the device up, lets its interrupt through and asks for the first bytes."""
        self.interrupt = device.interrupt
        self.queue.begin(memory, physical)
        self.transport.begin(device, physical)
        refused = interrupt_bind(self.interrupt, NOTIFICATION, INTERRUPT_BIT)
        if refused is not None:
            panic(f"the interrupt cannot be bound: {refused}")
        self.ask()

    def ask(self) -> None:
        """Offers the buffer, unless the device has it or what is in it would find no room."""
        if not self.asked and self.bytes.room() >= REQUEST_BYTES:
            self.asked = True
            self.queue.offer(self.queue.physical + BUFFER, REQUEST_BYTES)
            self.transport.notify()

    def on_interrupt(self) -> None:
        """Takes what the device has written, and answers who waits for it."""
        self.answered += 1
        self.transport.acknowledge()
        if self.queue.take() != NO_REQUEST:
            self.asked = False
            self.collect()
        refused = interrupt_acknowledge(self.interrupt)
        if refused is not None:
            panic(f"the interrupt cannot be acknowledged: {refused}")
        self.answer_readers()
        self.ask()

    def collect(self) -> None:
        """Copies the bytes out of the device's reach; it may claim more than there was room for."""
        count = U64(self.queue.length)
        if count > REQUEST_BYTES:
            count = REQUEST_BYTES
        buffer = shared_at(u8, self.queue.address + BUFFER, REQUEST_BYTES)
        for index in range(count):
            if not self.bytes.put(buffer.read(index)):
                return

    def read(self, into: Slice[u8]) -> u64 | CallError:
        if len(into) == 0 or self.readers == READERS:
            return CallError.REFUSED
        if self.bytes.count > 0:
            count = self.bytes.read(into)
            self.ask()
            return count
        kept = answer_later()
        if isinstance(kept, CallError):
            return kept
        self.reader[self.readers] = kept
        self.reader_wants[self.readers] = len(into)
        self.readers += 1
        return 0

    def answer_readers(self) -> None:
        """Gives each who waits what there is, in the order they came; one who is gone by now gets nothing."""
        served: u64 = 0
        while served < self.readers and self.bytes.count > 0:
            size = self.reader_wants[served]
            count = self.bytes.peek(self.answer[0:size])
            message = Message()
            message.answer()
            message.put_bytes(self.answer[0:size])
            message.put(count)
            if answer_now(self.reader[served], message):
                self.bytes.drop(count)
            served += 1
        for index in range(served, self.readers):
            self.reader[index - served] = self.reader[index]
            self.reader_wants[index - served] = self.reader_wants[index]
        self.readers -= served

    def interrupts(self) -> u64:
        return self.answered


rng: RngDevice = RngDevice()


def main() -> None:
    """Drives the first device of the plan's list for this program."""
    record = start_record()
    if record.device_count == 0 or record.dma_bytes < QUEUE_BYTES + REQUEST_BYTES:
        panic("the plan gives this driver no device, or too little memory for the device to reach")
    device = ptr_at(DeviceGrant, program.argument + record.devices)
    rng.begin(device, DMA_ADDRESS, record.dma_physical)
    offer(Rng, rng, "rng")
    while True:
        bits = serve_until(NEVER)
        if bits & INTERRUPT_BIT != 0:
            rng.on_interrupt()
