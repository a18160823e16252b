"""Of several checks in one statement, each is reported at the line where it stands."""
from metal import Array, array, u32

values: Array[u32] = array(3)


def spread(i: u32, j: u32, k: u32) -> u32:
    return (
        values[i]  # trap: bounds
        + values[j]  # trap: bounds
        + 7  # trap: division
        // k
    )


def same(a: u32, b: u32) -> u32:
    first = a - b  # trap: overflow
    second = a - b
    return first + second


def test_inside() -> None:
    assert spread(0, 1, 1) == 7
    assert same(5, 3) == 4


def trap_first() -> None:
    assert spread(3, 3, 0) == 0


def trap_second() -> None:
    assert spread(0, 3, 0) == 0


def trap_third() -> None:
    assert spread(0, 1, 0) == 0


def trap_first_of_two_alike() -> None:
    assert same(3, 5) == 0
