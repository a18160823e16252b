"""Frames on the serial line: written in one piece, read byte by byte (abi/console.py says what they look like)."""

from __future__ import annotations

from enum import IntEnum
from typing import Final

from abi.console import CRC_POLYNOMIAL, CRC_START, PAYLOAD_BYTES
from metal import U8, U16, U64, Array, Slice, View, array, struct, u8, u16, u64

HEAD_BYTES: Final = 2
CHECK_BYTES: Final = 2
PLAIN_BYTES: Final = HEAD_BYTES + PAYLOAD_BYTES + CHECK_BYTES
# A zero on either side and the one byte that COBS adds.
FRAME_BYTES: Final = PLAIN_BYTES + 3
ONE_BLOCK: Final = 255


def crc_add(crc: u16, byte: u8) -> u16:
    """The CRC after one more byte."""
    value = crc ^ (U16(byte) << 8)
    for _ in range(8):
        if value & 0x8000 != 0:
            value = ((value & 0x7FFF) << 1) ^ CRC_POLYNOMIAL
        else:
            value = value << 1
    return value


@struct
class Frame:
    """One frame as it goes over the line."""

    length: u64 = 0
    code_at: u64 = 0
    crc: u16 = 0
    data: Array[u8] = array(FRAME_BYTES)

    def encode(self, kind: u8, process: u8, payload: View[u8]) -> Slice[u8]:
        """Builds a frame around a payload of at most PAYLOAD_BYTES; a longer one is the caller's mistake and traps."""
        assert len(payload) <= PAYLOAD_BYTES
        self.crc = CRC_START
        self.data[0] = 0
        self.code_at = 1
        self.length = 2
        self.put(kind)
        self.put(process)
        for byte in payload:
            self.put(byte)
        check = self.crc
        self.put(U8(check & 0xFF))
        self.put(U8(check >> 8))
        self.close_block()
        self.data[self.length] = 0
        self.length += 1
        return self.data[0 : self.length]

    def put(self, byte: u8) -> None:
        """Appends one byte to the block, or begins a new block where the byte is zero."""
        self.crc = crc_add(self.crc, byte)
        if byte == 0:
            self.close_block()
            self.code_at = self.length
        else:
            self.data[self.length] = byte
        self.length += 1

    def close_block(self) -> None:
        """Writes how far the next zero is. One frame never fills a block of 254 bytes, so there is no longer case."""
        self.data[self.code_at] = U8(self.length - self.code_at)


class Heard(IntEnum):
    """What one received byte led to."""

    NOTHING = 0
    FRAME = 1
    RAW = 2


@struct
class Listener:
    """Finds frames in what arrives; bytes outside frames are what a person types on a plain terminal."""

    inside: bool = False
    # Bytes left in the block, and whether a zero follows it.
    left: u64 = 0
    zero_follows: bool = False
    length: u64 = 0
    broken: bool = False
    data: Array[u8] = array(PLAIN_BYTES)

    def feed(self, byte: u8) -> Heard:
        """Takes one byte. After FRAME, `kind`, `process` and `payload` describe the frame until the next byte."""
        if byte == 0:
            return self.boundary()
        if not self.inside:
            return Heard.RAW
        if self.left == 0:
            if self.zero_follows:
                self.keep(0)
            self.left = U64(byte) - 1
            self.zero_follows = byte != ONE_BLOCK
        else:
            self.left -= 1
            self.keep(byte)
        return Heard.NOTHING

    def boundary(self) -> Heard:
        """A zero ends the frame that was open, or opens one."""
        whole = self.inside and self.left == 0 and not self.broken and self.length >= HEAD_BYTES + CHECK_BYTES
        valid = whole and self.checks()
        # The zero that seemed to end a damaged frame may as well be the one that opens the next.
        self.inside = not valid
        self.left = 0
        self.zero_follows = False
        self.broken = False
        if valid:
            return Heard.FRAME
        self.length = 0
        return Heard.NOTHING

    def keep(self, byte: u8) -> None:
        """Stores a byte of the frame; one too many spoils it."""
        if self.length == PLAIN_BYTES:
            self.broken = True
        else:
            self.data[self.length] = byte
            self.length += 1

    def checks(self) -> bool:
        """Whether the CRC at the end is that of the bytes before it."""
        crc: u16 = CRC_START
        body = self.length - CHECK_BYTES
        for index in range(body):
            crc = crc_add(crc, self.data[index])
        return U8(crc & 0xFF) == self.data[body] and U8(crc >> 8) == self.data[body + 1]

    def kind(self) -> u8:
        """The kind of the last frame."""
        return self.data[0]

    def payload(self) -> Slice[u8]:
        """What the last frame carried."""
        return self.data[HEAD_BYTES : self.length - CHECK_BYTES]
