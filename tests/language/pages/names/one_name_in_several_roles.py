"""Parameters, locals, fields, methods and modules may share a name without meeting."""
# cpython
import helpers.shapes as shapes

from metal import struct, u32


@struct
class Lamp:
    lamp: u32 = 1

    def area(self) -> u32:
        return self.lamp

    def Lamp__area(self) -> u32:
        return 5


def area(lamp: u32) -> u32:
    return lamp * 10


def shadow(area: u32) -> u32:
    shapes: u32 = area + 1
    return shapes


def Lamp__area(self: u32) -> u32:
    return self + 100


def test_roles() -> None:
    lamp = Lamp(3)
    assert lamp.area() == 3
    assert lamp.Lamp__area() == 5
    assert area(lamp.lamp) == 30
    assert shapes.area(shapes.Square(2)) == 4
    assert shadow(1) == 2
    assert Lamp__area(1) == 101
