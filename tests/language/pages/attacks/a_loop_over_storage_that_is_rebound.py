"""Iteration holds on to what it began with: rebinding the name or the field does not lead it astray."""
from metal import Array, Slice, array, struct, u8, u64

long: Array[u8] = array(8)
short: Array[u8] = array(2)


@struct
class Window:
    view: Slice[u8]


def test_a_name() -> None:
    s: Slice[u8] = long
    n: u64 = 0
    for _ in s:
        s = short[0:0]
        n += 1
    assert n == 8
    assert len(s) == 0


def test_a_field() -> None:
    w = Window(long)
    n: u64 = 0
    for _ in w.view:
        w.view = short
        n += 1
    assert n == 8
    assert len(w.view) == 2
