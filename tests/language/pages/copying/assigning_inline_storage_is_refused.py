"""An assignment that would copy here and alias in Python must say which is meant."""
from metal import Array, array, assign, struct, u32


@struct
class Inner:
    value: u32 = 0


@struct
class Outer:
    inner: Inner = Inner()
    many: Array[Inner] = array(4)


whole: Outer = Outer()


def f(a: Inner, o: Outer) -> None:
    o.inner = a  # error: M050 assign(
    o.inner = Inner(3)  # error: M050 assign(
    o.many[0] = a  # error: M050 assign(
    o.many[0] = Inner(4)  # error: M050 assign(
    whole.inner = o.inner  # error: M050 assign(


def g(o: Outer) -> None:
    global whole
    whole = o  # error: M050 assign(
    assign(o.inner, o.many[1])
