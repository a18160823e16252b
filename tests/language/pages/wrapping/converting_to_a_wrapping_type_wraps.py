"""`W8(x)` keeps the low bits, as all arithmetic of its type does; a conversion back is checked."""
from metal import U8, W8, W32, i32, u8, u32, u64, w8, w32


def low(x: u32) -> w8:
    return W8(x)


def signed(x: i32) -> w32:
    return W32(x)


def back(x: w32) -> u8:
    return U8(x)  # trap: conversion


def test_values() -> None:
    assert low(255) == 255
    assert low(256) == 0
    assert low(0x1234) == 0x34
    assert signed(-1) == 0xFFFFFFFF
    assert back(255) == 255
    big: u64 = 0x1_0000_0002
    assert W32(big) == 2
    assert W32.wrap(big) == 2
    assert U8.wrap(big) == 2


def trap_back() -> None:
    assert back(256) == 0
