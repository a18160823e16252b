"""An array is storage too: it is copied element by element or by `assign`."""
from metal import Array, array, struct, u8


@struct
class Buffer:
    bytes: Array[u8] = array(4)


a: Array[u8] = array(4)
b: Array[u8] = array(4)


def f(x: Buffer, y: Buffer) -> None:
    global a
    x.bytes = y.bytes  # error: M050 assign(
    a = b  # error: M050 assign(
