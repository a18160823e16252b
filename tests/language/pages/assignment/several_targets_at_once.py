"""`a = b = value` evaluates the value once and assigns from left to right."""
# cpython
from metal import Array, array, struct, u32

calls: u32 = 0
values: Array[u32] = array(4)


@struct
class Cell:
    n: u32 = 0


def next_call() -> u32:
    global calls
    calls += 1
    return calls


def test_once() -> None:
    global calls
    calls = 0
    a: u32 = 0
    b: u32 = 0
    a = b = next_call()
    assert a == 1
    assert b == 1
    assert calls == 1


def test_from_left_to_right() -> None:
    i: u32 = 0
    three: u32 = 3
    i = values[i] = three
    assert values[3] == 3
    assert values[0] == 0
    c = Cell()
    c.n = values[c.n] = i - 1
    assert values[2] == 2
