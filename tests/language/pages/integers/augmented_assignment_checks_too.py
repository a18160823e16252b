"""`+= -= *= //= %= &= |= ^= <<= >>=` are their operators on the named place."""
from metal import Array, array, u8, u32


def add_to(x: u8, n: u8) -> u8:
    x += n  # trap: overflow
    return x


def shift(x: u32, n: u32) -> u32:
    x <<= n  # trap: shift
    return x


def test_each_operator() -> None:
    x: u32 = 10
    x += 5
    assert x == 15
    x -= 3
    assert x == 12
    x *= 4
    assert x == 48
    x //= 5
    assert x == 9
    x %= 5
    assert x == 4
    x |= 3
    assert x == 7
    x &= 6
    assert x == 6
    x ^= 5
    assert x == 3
    x <<= 4
    assert x == 48
    x >>= 3
    assert x == 6


def test_elements() -> None:
    a: Array[u8] = array(2)
    a[1] += 200
    a[1] -= 1
    assert a[1] == 199
    assert a[0] == 0


def trap_add() -> None:
    assert add_to(250, 6) == 0


def trap_shift() -> None:
    assert shift(1, 32) == 0
