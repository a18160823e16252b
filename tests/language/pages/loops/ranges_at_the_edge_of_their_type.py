"""A range whose end is the largest value of its type neither traps nor runs forever."""
# cpython
from metal import i8, u8, u32


def count(a: u8, b: u8) -> u32:
    n: u32 = 0
    for _ in range(a, b):
        n += 1
    return n


def count_by(a: u8, b: u8) -> u32:
    n: u32 = 0
    for _ in range(a, b, 100):
        n += 1
    return n


def count_signed(a: i8, b: i8) -> u32:
    n: u32 = 0
    for _ in range(a, b):
        n += 1
    return n


def count_down(a: i8, b: i8) -> u32:
    n: u32 = 0
    for _ in range(a, b, -100):
        n += 1
    return n


def test_edges() -> None:
    assert count(0, 255) == 255
    assert count(254, 255) == 1
    assert count(255, 255) == 0
    assert count_by(0, 255) == 3
    assert count_by(200, 255) == 1
    assert count_signed(-128, 127) == 255
    assert count_down(127, -128) == 3
