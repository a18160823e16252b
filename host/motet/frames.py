"""The console's frames on the host: encodes input, and takes the device's bytes apart into frames and raw text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from abi import console


@dataclass(frozen=True)
class Frame:
    """One whole frame that passed its check."""

    kind: int
    process: int
    payload: bytes


@dataclass(frozen=True)
class RawText:
    """Bytes outside any frame, or of a frame that was damaged on its way."""

    data: bytes


def checksum(data: bytes) -> int:
    """CRC-16 with the polynomial and start of abi/console.py."""
    crc = console.CRC_START
    for byte in data:
        crc ^= byte << 8
        for _ in range(8):
            crc = ((crc << 1) ^ console.CRC_POLYNOMIAL) & 0xFFFF if crc & 0x8000 else crc << 1
    return crc


def stuff(data: bytes) -> bytes:
    """COBS: the same bytes without zeros."""
    result = bytearray()
    for block in data.split(b"\0"):
        rest = block
        while len(rest) >= 254:
            result += b"\xff" + rest[:254]
            rest = rest[254:]
        result += bytes([len(rest) + 1]) + rest
    return bytes(result)


def unstuff(data: bytes) -> bytes | None:
    """COBS taken back, or None when the bytes cannot have been stuffed."""
    result = bytearray()
    position = 0
    while position < len(data):
        length = data[position]
        if length == 0 or position + length > len(data):
            return None
        result += data[position + 1 : position + length]
        position += length
        if length < 255 and position < len(data):
            result.append(0)
    return bytes(result)


def encode(frame: Frame) -> bytes:
    """A frame as bytes on the line."""
    body = bytes([frame.kind, frame.process]) + frame.payload
    return b"\0" + stuff(body + checksum(body).to_bytes(2, "little")) + b"\0"


def decode(stuffed: bytes) -> Frame | None:
    """The frame between two zeros, or None when it is none."""
    body = unstuff(stuffed)
    if body is None or len(body) < 4 or checksum(body[:-2]) != int.from_bytes(body[-2:], "little"):
        return None
    return Frame(body[0], body[1], body[2:-2])


class Decoder:
    """Takes bytes as they come; gives frames and raw text in order."""

    def __init__(self) -> None:
        self.held = bytearray()

    def feed(self, data: bytes) -> Iterator[Frame | RawText]:
        """Everything that is now complete. Raw text is given at once unless it may be the start of a frame."""
        self.held += data
        while True:
            start = self.held.find(0)
            if start < 0:
                yield from self.flush()
                return
            if start > 0:
                yield RawText(bytes(self.held[:start]))
                del self.held[:start]
            end = self.held.find(0, 1)
            if end < 0:
                if len(self.held) > 2 * console.PAYLOAD_BYTES:
                    # No frame is that long: the zero was noise.
                    del self.held[:1]
                    continue
                return
            stuffed = bytes(self.held[1:end])
            frame = decode(stuffed)
            if frame is not None:
                yield frame
                del self.held[: end + 1]
            else:
                # The second zero may be the real start of a frame, so it stays.
                if stuffed:
                    yield RawText(stuffed)
                del self.held[:end]

    def flush(self) -> Iterator[RawText]:
        """What is left when no more bytes come."""
        rest = bytes(self.held).strip(b"\0")
        self.held.clear()
        if rest:
            yield RawText(rest)
