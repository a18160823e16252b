"""Rotation and bit counting have names of their own."""
from metal import leading_zeros, popcount, rotl, rotr, trailing_zeros, u64, w8, w32, w64


def turn(x: w32, n: u64) -> w32:
    return rotr(x, n)


def test_rotation() -> None:
    x: w32 = 0x80000001
    assert rotr(x, 1) == 0xC0000000
    assert rotl(x, 1) == 3
    assert rotl(x, 0) == 0x80000001
    assert turn(0x12345678, 8) == 0x78123456
    y: w64 = 1
    assert rotr(y, 1) == 0x8000000000000000
    z: w8 = 0x81
    assert rotl(z, 4) == 0x18


def test_counts_of_a_64_bit_value() -> None:
    a: u64 = 0x00010000
    assert leading_zeros(a) == 47
    assert trailing_zeros(a) == 16
    assert popcount(a) == 1
    b: u64 = 0xFF00000000000000
    assert leading_zeros(b) == 0
    assert trailing_zeros(b) == 56
    assert popcount(b) == 8
    c: u64 = 0
    assert leading_zeros(c) == 64
    assert trailing_zeros(c) == 64
    assert popcount(c) == 0
