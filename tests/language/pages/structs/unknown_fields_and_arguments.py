"""A field that is not declared and an argument that is not there are named in the message."""
from metal import struct, u32


@struct
class Cell:
    value: u32 = 0


def f(c: Cell) -> u32:
    c.valeu = 3  # error: M061 valeu
    return c.size  # error: M061 size


def g() -> u32:
    a = Cell(1, 2)  # error: M060 argument
    b = Cell(other=1)  # error: M061 other
    return 0


def h(c: Cell) -> None:
    c.missing()  # error: M061 missing
