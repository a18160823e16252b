"""What a program reaches is known while compiling: no `getattr`, `eval`, `type`, `del` or `globals`."""
from metal import struct, u32


@struct
class Cell:
    n: u32 = 0


def f(c: Cell) -> u32:
    x = getattr(c, "n")  # error: getattr
    setattr(c, "n", 3)  # error: setattr
    del c.n  # error: del
    eval("3")  # error: eval
    return 0


def g(c: Cell) -> bool:
    return isinstance(c, Cell)  # error: isinstance
