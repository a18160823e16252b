"""What a program reaches is known while compiling: no `getattr`, `eval`, `type`, `del` or `globals`."""
from metal import struct, u32


@struct
class Cell:
    n: u32 = 0


def f(c: Cell) -> u32:
    x = getattr(c, "n")  # error: M002 getattr
    setattr(c, "n", 3)  # error: M002 setattr
    del c.n  # error: M002 del
    eval("3")  # error: M003 eval
    return 0


def g(c: Cell) -> bool:
    return isinstance(c, Cell)  # error: M023 isinstance
