"""Once a slice was made from an address, every index into it is checked."""
# machine
from typing import Final

from metal import Array, addr_of, array, slice_at, u8, u64

UNSAFE: Final = True

words: Array[u8] = array(8)


def write(i: u64) -> None:
    s = slice_at(u8, addr_of(words), 4)
    s[i] = 1  # trap: bounds


def test_inside() -> None:
    write(3)
    assert words[3] == 1


def trap_outside() -> None:
    write(4)
