"""A field that is not declared and an argument that is not there are named in the message."""
from metal import struct, u32


@struct
class Cell:
    value: u32 = 0


def f(c: Cell) -> u32:
    c.valeu = 3  # error: valeu
    return c.size  # error: size


def g() -> u32:
    a = Cell(1, 2)  # error: argument
    b = Cell(other=1)  # error: other
    return 0


def h(c: Cell) -> None:
    c.missing()  # error: missing
