"""`a, b = b, a` evaluates the right side first."""
# cpython
from metal import Array, array, u32


def fibonacci(n: u32) -> u32:
    a: u32 = 0
    b: u32 = 1
    for _ in range(n):
        a, b = b, a + b
    return a


def test_values() -> None:
    assert fibonacci(0) == 0
    assert fibonacci(10) == 55
    assert fibonacci(46) == 1836311903


def test_elements() -> None:
    x: Array[u32] = array(2)
    x[0], x[1] = 3, 4
    x[0], x[1] = x[1], x[0]
    assert x[0] == 4
    assert x[1] == 3


def test_rotation_of_three() -> None:
    a: u32 = 1
    b: u32 = 2
    c: u32 = 3
    a, b, c = b, c, a
    assert a == 2
    assert b == 3
    assert c == 1


def test_targets_are_assigned_from_left_to_right() -> None:
    x: Array[u32] = array(4)
    i: u32 = 0
    i, x[i] = 2, 9
    assert i == 2
    assert x[2] == 9
    assert x[0] == 0
