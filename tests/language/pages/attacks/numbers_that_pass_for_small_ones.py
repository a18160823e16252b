"""Width: an index, a length or a count is checked before it is narrowed, never after."""
from metal import U8, Array, array, i64, u8, u64

values: Array[u8] = array(256)


def by_u64(i: u64) -> u8:
    return values[i]  # trap: bounds


def by_i64(i: i64) -> u8:
    return values[i]  # trap: bounds


def narrowed(i: u64) -> u8:
    return values[U8(i)]  # trap: conversion


def sliced(a: u64, n: u64) -> u64:
    return len(values[a : a + n])  # trap: overflow


def test_inside() -> None:
    assert by_u64(255) == 0
    assert narrowed(255) == 0
    assert sliced(250, 6) == 6


def trap_two_to_the_32() -> None:
    assert by_u64(4294967296) == 0


def trap_two_to_the_63() -> None:
    assert by_i64(-9223372036854775808) == 0


def trap_narrowed() -> None:
    assert narrowed(256) == 0


def trap_sum_of_offset_and_length() -> None:
    assert sliced(1, 18446744073709551615) == 0
