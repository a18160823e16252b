"""A constant may be made of other constants, of limits of types and of members of enums."""
# cpython
from enum import IntEnum
from typing import Final

from helpers.shapes import SIDES

from metal import U8, U64, Array, array, table, u8, u16, u64


class Kind(IntEnum):
    SMALL = 4
    LARGE = SIDES * 100


CORNERS: Final = SIDES + 1
THIRD: Final = U64.MAX // 3
BYTES: Final = (1 << U8.BITS) - 1
memory: Array[u8] = array(CORNERS * 2)
kinds: Array[u16] = table(SIDES, Kind.LARGE, BYTES)


def test_values() -> None:
    x: u64 = THIRD
    assert x == 6148914691236517205
    assert len(memory) == 10
    assert kinds[1] == 400
    assert kinds[2] == 255
    y: u8 = BYTES
    assert y == 255
    z: u64 = Kind.LARGE
    assert z == 400
