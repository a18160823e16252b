"""The checks of generic code are those of the type it was made for."""
from typing import TypeVar

from metal import u8, u32, w8

T = TypeVar("T", u8, u32, w8)


def add(a: T, b: T) -> T:
    return a + b  # trap: overflow


def test_each_width() -> None:
    a: u8 = 200
    b: u32 = 200
    c: w8 = 200
    assert add(b, 100) == 300
    assert add(c, 100) == 44
    assert add(a, 55) == 255


def trap_narrow() -> None:
    a: u8 = 200
    assert add(a, a) == 0
