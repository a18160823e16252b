"""An upper-case type converts and traps when the value does not fit."""
from metal import I8, I64, U8, U16, U32, U64, i8, i64, u8, u16, u32, u64


def to_u8(x: u64) -> u8:
    return U8(x)  # trap: conversion


def to_u16(x: u32) -> u16:
    return U16(x)  # trap: conversion


def to_i8(x: i64) -> i8:
    return I8(x)  # trap: conversion


def to_u64(x: i8) -> u64:
    return U64(x)  # trap: conversion


def to_i64(x: u64) -> i64:
    return I64(x)  # trap: conversion


def to_u32(x: i64) -> u32:
    return U32(x)  # trap: conversion


def test_values_that_fit() -> None:
    assert to_u8(255) == 255
    assert to_u16(65535) == 65535
    assert to_i8(-128) == -128
    assert to_i8(127) == 127
    assert to_u64(127) == 127
    assert to_i64(9223372036854775807) == 9223372036854775807
    assert to_u32(4294967295) == 4294967295


def trap_u8() -> None:
    assert to_u8(256) == 0


def trap_u16() -> None:
    assert to_u16(65536) == 0


def trap_i8_above() -> None:
    assert to_i8(128) == 0


def trap_i8_below() -> None:
    assert to_i8(-129) == 0


def trap_negative_to_unsigned() -> None:
    assert to_u64(-1) == 0


def trap_large_to_signed() -> None:
    assert to_i64(9223372036854775808) == 0


def trap_negative_to_narrower_unsigned() -> None:
    assert to_u32(-1) == 0
