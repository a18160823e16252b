"""A construction gives every field without a default its value."""
from metal import Ptr, struct, u32


@struct
class Lamp:
    pin: u32
    level: u32 = 0


def f() -> u32:
    lamp = Lamp()  # error: M063 pin
    return 0


def g() -> u32:
    lamp = Lamp(level=3)  # error: M063 pin
    return 0


def h() -> u32:
    lamp = Lamp(4)
    return lamp.pin
