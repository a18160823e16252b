"""`t = T(...)` makes new storage, which can be given to callees."""
# cpython
from metal import struct, u32


@struct
class Pair:
    a: u32 = 0
    b: u32 = 0


def sum_of(p: Pair) -> u32:
    return p.a + p.b


def fill(p: Pair) -> None:
    p.a = 30
    p.b = 12


def test_given_to_callees() -> None:
    p = Pair()
    fill(p)
    assert sum_of(p) == 42


def test_made_in_an_argument() -> None:
    assert sum_of(Pair(1, 2)) == 3


def fresh_each_turn(n: u32) -> u32:
    total: u32 = 0
    for i in range(n):
        p = Pair()
        assert p.a == 0
        p.a = i
        total += p.a
    return total


def test_made_anew_in_each_turn() -> None:
    assert fresh_each_turn(4) == 6
