"""UTF-8: characters as bytes and back, refusing what the standard calls ill-formed."""

from __future__ import annotations

from metal import U8, U32, U64, Slice, View, u8, u32, u64
from metal.library.failures import Full, Malformed


def is_character(code: u32) -> bool:
    """Whether a number is a Unicode scalar value."""
    return code < 0xD800 or 0xE000 <= code < 0x11_0000


def encoded_length(code: u32) -> u64:
    """How many bytes a character takes."""
    if code < 0x80:
        return 1
    if code < 0x800:
        return 2
    return 3 if code < 0x1_0000 else 4


def encode_character(code: u32, into: Slice[u8]) -> u64 | Full | Malformed:
    """Write a character's bytes at the start of a slice; the result is how many."""
    if not is_character(code):
        return Malformed.NOT_UTF8
    length = encoded_length(code)
    if length > len(into):
        return Full.FULL
    if length == 1:
        into[0] = U8(code)
        return length
    rest = code
    for i in range(1, length):
        into[length - i] = U8(0x80 | (rest & 0x3F))
        rest = rest >> 6
    # The first byte says the length with as many ones, then a zero.
    into[0] = U8(((U64(0xF00) >> length) & 0xF0) | U64(rest))
    return length


def sequence_length(first: u8) -> u64:
    """How many bytes a character takes whose first byte is given; 0 when none begins so."""
    if first < 0x80:
        return 1
    if first < 0xC2:
        return 0
    if first < 0xE0:
        return 2
    if first < 0xF0:
        return 3
    return 4 if first < 0xF5 else 0


def decode_character(data: View[u8], at: u64) -> u32 | Malformed:
    """The character that begins at an index; `encoded_length` of it tells where the next begins."""
    if at >= len(data):
        return Malformed.EMPTY
    length = sequence_length(data[at])
    if length == 0 or length > len(data) - at:
        return Malformed.NOT_UTF8
    code = U32(data[at])
    if length == 1:
        return code
    code = code & ((U32(1) << (7 - length)) - 1)
    for i in range(1, length):
        byte = data[at + i]
        if byte & 0xC0 != 0x80:
            return Malformed.NOT_UTF8
        code = (code << 6) | U32(byte & 0x3F)
    if not is_character(code) or encoded_length(code) != length:
        return Malformed.NOT_UTF8
    return code


def valid_length(data: View[u8]) -> u64:
    """How many bytes from the start are well-formed UTF-8."""
    at: u64 = 0
    while at < len(data):
        code = decode_character(data, at)
        if isinstance(code, Malformed):
            break
        at += encoded_length(code)
    return at


def is_valid(data: View[u8]) -> bool:
    return valid_length(data) == len(data)


def count_characters(text: str) -> u64:
    """How many characters a text has."""
    total: u64 = 0
    for byte in text.encode():
        if byte & 0xC0 != 0x80:
            total += 1
    return total
