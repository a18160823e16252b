"""`match` on an integer compares with constants, and needs `_` when a value returns."""
# cpython
from typing import Final

from metal import i32, u8, u32

NEWLINE: Final = 10


def kind(c: u8) -> u32:
    match c:
        case 32 | 9:
            return 1
        case 10:
            return 2
        case 48 | 49 | 50:
            return 3
        case _:
            return 0


def signed(x: i32) -> u32:
    r: u32 = 7
    match x:
        case -1:
            r = 1
        case 0:
            r = 2
        case _:
            pass
    return r


def test_values() -> None:
    assert kind(9) == 1
    assert kind(NEWLINE) == 2
    assert kind(50) == 3
    assert kind(51) == 0
    assert signed(-1) == 1
    assert signed(0) == 2
    assert signed(2) == 7
