"""A target is one place: `*rest` is refused, and so is storage in a chain."""
from metal import Array, array, struct, u32

@struct
class Inner:
    n: u32 = 0


@struct
class Cell:
    inner: Inner = Inner()


values: Array[u32] = array(4)


def f() -> u32:
    a, *b = values  # error: M002 *
    return 0


def g(first: Cell, second: Cell, other: Cell) -> None:
    first.inner = second.inner = other.inner  # error: M050 assign(
