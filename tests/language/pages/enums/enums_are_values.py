"""An enum is a type of its own: compared, stored, passed, and its number is taken with a conversion."""
# cpython
from enum import Enum, IntEnum

from metal import U8, U32, struct, u32


class Color(IntEnum):
    RED = 1
    GREEN = 2
    BLUE = 200


class Mode(Enum):
    OFF = 1
    ON = 2


@struct
class Lamp:
    color: Color = Color.GREEN
    mode: Mode = Mode.OFF


def next_of(c: Color) -> Color:
    if c == Color.RED:
        return Color.GREEN
    if c is Color.GREEN:
        return Color.BLUE
    return Color.RED


def number(c: Color) -> u32:
    return U32(c)


def test_values() -> None:
    lamp = Lamp()
    assert lamp.color == Color.GREEN
    assert lamp.mode is Mode.OFF
    lamp.color = next_of(lamp.color)
    lamp.mode = Mode.ON
    assert lamp.color == Color.BLUE
    assert lamp.mode != Mode.OFF
    assert number(lamp.color) == 200
    assert U8(Color.RED) == 1
