"""Numbers as digits and back, in any base from 2 to 36."""

from __future__ import annotations

from typing import Final

from metal import I64, U8, U64, Slice, View, i64, u8, u64
from metal.library.failures import Full, Malformed

LONGEST: Final = 65
"""The most bytes that a number takes: a sign and 64 binary digits."""


def digit_value(character: u8) -> u64:
    """What a digit or letter counts; 255 for anything else."""
    if 48 <= character <= 57:
        return U64(character) - 48
    if 97 <= character <= 122:
        return U64(character) - 87
    if 65 <= character <= 90:
        return U64(character) - 55
    return 255


def parse_unsigned(text: View[u8], base: u64 = 10) -> u64 | Malformed:
    """The number that all of a text says, in digits of a base only."""
    assert 2 <= base <= 36
    if len(text) == 0:
        return Malformed.EMPTY
    value: u64 = 0
    for character in text:
        digit = digit_value(character)
        if digit >= base:
            return Malformed.NOT_A_DIGIT
        if value > (U64.MAX - digit) // base:
            return Malformed.TOO_LARGE
        value = value * base + digit
    return value


def parse_signed(text: View[u8], base: u64 = 10) -> i64 | Malformed:
    """The number that all of a text says, with a sign in front or without."""
    if len(text) == 0:
        return Malformed.EMPTY
    negative = text[0] == 45
    magnitude = parse_unsigned(text[1:] if negative or text[0] == 43 else text, base)
    if isinstance(magnitude, Malformed):
        return magnitude
    if negative:
        # 0 - 2^63 is written from below, because +2^63 is no i64.
        return Malformed.TOO_LARGE if magnitude > 1 << 63 else I64.wrap(~magnitude + 1 if magnitude != 0 else 0)
    return Malformed.TOO_LARGE if magnitude > I64.MAX else I64(magnitude)


def parse_literal(text: View[u8]) -> u64 | Malformed:
    """A number as a person writes it: decimal, or hexadecimal after `0x`, or binary after `0b`."""
    if len(text) > 2 and text[0] == 48:
        if text[1] == 120:
            return parse_unsigned(text[2:], 16)
        if text[1] == 98:
            return parse_unsigned(text[2:], 2)
    return parse_unsigned(text)


def format_unsigned(value: u64, into: Slice[u8], base: u64 = 10, width: u64 = 1) -> u64 | Full:
    """Write a number's digits at the start of a slice, with zeros in front up to a width; the result is how many."""
    assert 2 <= base <= 36
    length: u64 = 1
    rest = value // base
    while rest > 0:
        length += 1
        rest //= base
    if width > length:
        length = width
    if length > len(into):
        return Full.FULL
    rest = value
    for i in range(length):
        digit = U8(rest % base)
        into[length - 1 - i] = digit + 48 if digit < 10 else digit + 87
        rest //= base
    return length


def format_signed(value: i64, into: Slice[u8], base: u64 = 10) -> u64 | Full:
    """Write a number's digits at the start of a slice, with a minus in front when it is below zero."""
    if value >= 0:
        return format_unsigned(U64(value), into, base)
    if len(into) == 0:
        return Full.FULL
    # -(value + 1) always fits, so the smallest number needs no case of its own.
    length = format_unsigned(U64(-(value + 1)) + 1, into[1:], base)
    if isinstance(length, Full):
        return length
    into[0] = 45
    return length + 1
