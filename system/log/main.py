"""Keeps the last lines that programs logged, and passes each on to the console."""

from __future__ import annotations

from typing import Final

from abi.console import LOG
from abi.interface import CallError
from abi.services.console import Console
from abi.services.log import Log
from metal import U8, U64, Array, Slice, View, array, struct, u8, u64
from system.app import connect, now, serve
from system.runtime.server import caller_process

LOG_BYTES: Final = 32768
MICROSECONDS: Final = 1000
SECOND_IN_MICROSECONDS: Final = 1_000_000


@struct
class LogService:
    """A ring of bytes; places count from the first byte ever logged."""

    end: u64 = 0
    data: Array[u8] = array(LOG_BYTES)

    def append(self, text: View[u8]) -> CallError | None:
        self.stamp(caller_process())
        for byte in text:
            self.put(byte)
        self.put(0x0A)
        console = connect(Console, "console")
        if isinstance(console, CallError):
            return console
        return console.write_for(LOG, caller_process(), text)

    def first(self) -> u64:
        return self.end - LOG_BYTES if self.end > LOG_BYTES else 0

    def read(self, place: u64, into: Slice[u8]) -> u64:
        if place < self.first() or place > self.end:
            return 0
        count = self.end - place
        if count > len(into):
            count = len(into)
        for index in range(count):
            into[index] = self.data[(place + index) % LOG_BYTES]
        return count

    def put(self, byte: u8) -> None:
        """Appends one byte over the oldest."""
        self.data[self.end % LOG_BYTES] = byte
        self.end += 1

    def stamp(self, process: u8) -> None:
        """Begins a line with the time since the start and who logs: `[    1.234567] 5: `."""
        time = now() // MICROSECONDS
        self.put(0x5B)
        self.number(time // SECOND_IN_MICROSECONDS, 5, 0x20)
        self.put(0x2E)
        self.number(time % SECOND_IN_MICROSECONDS, 6, 0x30)
        self.put(0x5D)
        self.put(0x20)
        self.number(U64(process), 1, 0x20)
        self.put(0x3A)
        self.put(0x20)

    def number(self, value: u64, width: u64, fill: u8) -> None:
        """Appends a number with at least so many digits."""
        divisor: u64 = 1
        digits: u64 = 1
        while value // divisor >= 10:
            divisor *= 10
            digits += 1
        while digits < width:
            self.put(fill)
            width -= 1
        while divisor > 0:
            self.put(0x30 + U8(value // divisor % 10))
            divisor = divisor // 10


logged: LogService = LogService()


def main() -> None:
    """Serves the log."""
    serve(Log, logged, "log")
