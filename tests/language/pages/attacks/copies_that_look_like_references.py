"""Aliasing: every form of assignment that would copy storage here but alias in Python is refused."""
from metal import Array, array, struct, u32


@struct
class Inner:
    n: u32 = 0


@struct
class Outer:
    inner: Inner = Inner()
    many: Array[Inner] = array(3)
    rows: Array[Array[u32]] = array(2, 2)


a: Outer = Outer()
b: Outer = Outer()


def assign_field() -> None:
    a.inner = b.inner  # error: M050 assign(


def assign_new() -> None:
    a.inner = Inner(3)  # error: M050 assign(


def assign_element(i: u32) -> None:
    a.many[i] = b.many[i]  # error: M050 assign(


def assign_row(i: u32) -> None:
    a.rows[i] = b.rows[0]  # error: M050 assign(


def swap() -> None:
    a.many[0], a.many[1] = a.many[1], a.many[0]  # error: M050 assign(


def build(t: Inner) -> None:
    o = Outer(t)  # error: M050 assign(
    o.inner.n = 1
