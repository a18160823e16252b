"""A fraction becomes an integer only when its whole part fits; not-a-number never does."""
from metal import I64, U8, f64, i64, u8


def to_u8(x: f64) -> u8:
    return U8(x)  # trap: conversion


def to_i64(x: f64) -> i64:
    return I64(x)  # trap: conversion


def zero() -> f64:
    return 0.0


def test_edges() -> None:
    assert to_u8(255.9) == 255
    assert to_u8(-0.5) == 0
    assert to_i64(-9223372036854775808.0) == -9223372036854775808


def trap_above() -> None:
    assert to_u8(256.0) == 0


def trap_below() -> None:
    assert to_u8(-1.0) == 0


def trap_i64() -> None:
    assert to_i64(9223372036854775808.0) == 0


def trap_infinity() -> None:
    assert to_i64(1e308 * 10.0) == 0
