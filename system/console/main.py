"""Puts what all programs say on one serial line, and gives what a person types to who reads it."""

from __future__ import annotations

from typing import Final

from abi.bundle import PLAIN
from abi.console import APP_OUTPUT, END_OF_INPUT, EXIT, INPUT, LOG, PAYLOAD_BYTES, TERMINAL
from abi.interface import CallError
from abi.kernel import NEVER
from abi.services.console import Console
from abi.services.supervisor import Supervisor
from abi.services.uart import Uart
from abi.start import SERVICE_RESTARTED
from metal import Array, Slice, View, array, struct, u8, u64
from system.app import connect, milliseconds, offer, wait_for_bits
from system.console.frames import Frame, Heard, Listener
from system.runtime.messages import MESSAGE_BYTES, Message
from system.runtime.program import start_record
from system.runtime.rings import ByteRing
from system.runtime.server import answer_later, answer_now, caller_is_trusted, caller_process, serve_until
from system.runtime.signals import forget_handle, signal_handle

LINE_BIT: Final = 1
CHUNK_BYTES: Final = 256
ROOM_MS: Final = 100
DRAIN_MS: Final = 1
CONTROL_C: Final = 0x03
READERS: Final = 8


@struct
class ConsoleService:
    """The line, who reads from it, and whether a host program or a person's terminal is at the other end."""

    plain: bool = False
    interrupts_lost: u64 = 0
    ended: bool = False
    # Kept calls of who waits for input, and how many bytes each wants. What is typed goes to who asked last.
    readers: u64 = 0
    reader: Array[u64] = array(READERS)
    reader_wants: Array[u64] = array(READERS)
    # Bits that arrived while a write waited for room.
    bits: u64 = 0
    typed: ByteRing = ByteRing()
    frame: Frame = Frame()
    listener: Listener = Listener()
    chunk: Array[u8] = array(CHUNK_BYTES)
    answer: Array[u8] = array(MESSAGE_BYTES)

    def write(self, kind: u8, text: View[u8]) -> CallError | None:
        if kind != APP_OUTPUT and kind != LOG and not caller_is_trusted():
            return CallError.REFUSED
        self.say(kind, caller_process(), text)
        return None

    def write_for(self, kind: u8, process: u8, text: View[u8]) -> CallError | None:
        if not caller_is_trusted():
            return CallError.REFUSED
        self.say(kind, process, text)
        return None

    def report(self, kind: u8, process: u8, text: View[u8]) -> CallError | None:
        if not caller_is_trusted():
            return CallError.REFUSED
        self.say(kind, process, text)
        if kind == EXIT:
            self.farewell()
        return None

    def read(self, into: Slice[u8]) -> u64 | CallError:
        if self.typed.count > 0 or self.ended:
            return self.typed.read(into)
        kept = answer_later()
        if isinstance(kept, CallError):
            return kept
        if self.readers == READERS:
            self.forget_oldest_reader()
        self.reader[self.readers] = kept
        self.reader_wants[self.readers] = len(into)
        self.readers += 1
        return 0

    def say(self, kind: u8, process: u8, text: View[u8]) -> None:
        """Writes bytes in one or several frames, or as they are for a person's terminal."""
        if self.plain:
            self.say_plainly(kind, text)
            return
        place: u64 = 0
        size = len(text)
        while place < size or size == 0:
            end = place + PAYLOAD_BYTES if size - place > PAYLOAD_BYTES else size
            self.transmit(self.frame.encode(kind, process, text[place:end]))
            place = end
            if size == 0:
                return

    def say_plainly(self, kind: u8, text: View[u8]) -> None:
        """Text for a terminal, whose lines end with two characters; other frames are not for people."""
        if kind != APP_OUTPUT and kind != LOG and kind != TERMINAL:
            return
        count: u64 = 0
        for byte in text:
            if byte == 0x0A and kind != TERMINAL:
                self.chunk[count] = 0x0D
                count += 1
            self.chunk[count] = byte
            count += 1
            if count + 2 > CHUNK_BYTES:
                self.transmit(self.chunk[0:count])
                count = 0
        if kind == LOG:
            self.transmit(b"\r\n")
        self.transmit(self.chunk[0:count])

    def transmit(self, data: View[u8]) -> None:
        """Gives bytes to the driver, waiting while it has no room; what a dying driver had is sent again."""
        uart = connect(Uart, "uart")
        if isinstance(uart, CallError):
            return
        place: u64 = 0
        while place < len(data):
            taken = uart.write(data[place : len(data)])
            if isinstance(taken, CallError):
                if taken != CallError.SERVER_DIED:
                    return
                place = 0
            elif taken == 0:
                self.bits |= wait_for_bits(milliseconds(ROOM_MS))
            else:
                place += taken

    def farewell(self) -> None:
        """Waits until the last byte has left, then lets the supervisor cut the power."""
        uart = connect(Uart, "uart")
        if not isinstance(uart, CallError):
            left = uart.pending()
            while not isinstance(left, CallError) and left > 0:
                self.bits |= wait_for_bits(milliseconds(DRAIN_MS))
                left = uart.pending()
        supervisor = connect(Supervisor, "supervisor")
        if not isinstance(supervisor, CallError) and supervisor.drained() is not None:
            # The supervisor cuts the power by itself after a while.
            return

    def attach(self) -> None:
        """Asks the driver to signal what comes."""
        uart = connect(Uart, "uart")
        handle = signal_handle(LINE_BIT)
        if not isinstance(uart, CallError) and not isinstance(handle, CallError) and uart.listen(handle) is not None:
            # A driver that died meanwhile is started again, and that is signalled.
            return

    def take_input(self) -> None:
        """Reads all that has come over the line."""
        uart = connect(Uart, "uart")
        if isinstance(uart, CallError):
            return
        count: u64 = CHUNK_BYTES
        while count == CHUNK_BYTES:
            received = uart.read(self.chunk)
            if isinstance(received, CallError):
                return
            count = received
            for index in range(count):
                self.hear(self.chunk[index])
        self.answer_reader()

    def hear(self, byte: u8) -> None:
        """One byte from the line: part of a frame, or typed at a plain terminal."""
        match self.listener.feed(byte):
            case Heard.NOTHING:
                return
            case Heard.RAW:
                self.plain = True
                self.keep(byte)
            case Heard.FRAME:
                self.plain = False
                if self.listener.kind() == END_OF_INPUT:
                    self.ended = True
                elif self.listener.kind() == INPUT:
                    for typed in self.listener.payload():
                        self.keep(typed)

    def keep(self, byte: u8) -> None:
        """Keeps a typed byte; when nobody reads for long, what is typed is lost."""
        if byte == CONTROL_C:
            supervisor = connect(Supervisor, "supervisor")
            if not isinstance(supervisor, CallError) and supervisor.interrupt() is not None:
                # Nobody is stopped then; whoever reads still gets the byte.
                self.interrupts_lost += 1
        if not self.typed.put(byte):
            return

    def answer_reader(self) -> None:
        """Gives what was typed to who waits for it; one who is gone by now gets nothing, the one before it does."""
        while self.readers > 0 and (self.typed.count > 0 or self.ended):
            self.readers -= 1
            size = self.reader_wants[self.readers]
            count = self.typed.peek(self.answer[0:size])
            message = Message()
            message.answer()
            message.put_bytes(self.answer[0:size])
            message.put(count)
            if answer_now(self.reader[self.readers], message):
                self.typed.drop(count)

    def forget_oldest_reader(self) -> None:
        """Makes room for another reader; the oldest is told that its call ended without an answer."""
        forget_handle(self.reader[0])
        for index in range(1, self.readers):
            self.reader[index - 1] = self.reader[index]
            self.reader_wants[index - 1] = self.reader_wants[index]
        self.readers -= 1


console: ConsoleService = ConsoleService()


def main() -> None:
    """Serves the console and listens to the line."""
    offer(Console, console, "console")
    console.plain = start_record().console == PLAIN
    console.attach()
    while True:
        bits = serve_until(NEVER) | console.bits
        console.bits = 0
        if bits & SERVICE_RESTARTED != 0:
            console.attach()
        console.take_input()
