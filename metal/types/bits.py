"""Operations on the bits of an integer that have an instruction of their own on most CPUs."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from metal.types.numbers import u64

_Wrapping = TypeVar("_Wrapping")

if TYPE_CHECKING:

    def rotl(value: _Wrapping, count: u64, /) -> _Wrapping:
        """The bits of a `wN`, turned left by count."""
        ...

    def rotr(value: _Wrapping, count: u64, /) -> _Wrapping:
        """The bits of a `wN`, turned right by count."""
        ...

else:

    def rotl(value, count):
        """The bits of a `w32`, turned left by count (CPython knows no width, so 32 bits are taken)."""
        count %= 32
        return ((value << count) | (value >> (32 - count))) & 0xFFFF_FFFF

    def rotr(value, count):
        """The bits of a `w32`, turned right by count (CPython knows no width, so 32 bits are taken)."""
        return rotl(value, -count % 32)


def leading_zeros(value: u64, /) -> u64:
    """How many zero bits stand above the highest set bit of a 64-bit value; 64 for zero."""
    return 64 - int(value).bit_length()


def trailing_zeros(value: u64, /) -> u64:
    """How many zero bits stand below the lowest set bit of a 64-bit value; 64 for zero."""
    number = int(value)
    return (number & -number).bit_length() - 1 if number else 64


def popcount(value: u64, /) -> u64:
    """How many bits of a 64-bit value are set."""
    return int(value).bit_count()
