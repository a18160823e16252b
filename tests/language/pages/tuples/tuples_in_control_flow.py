"""Results are unpacked into names, fields and elements, in loops and branches."""
# cpython
from metal import Array, array, struct, u32


@struct
class Pair:
    a: u32 = 0
    b: u32 = 0


def both(n: u32) -> tuple[u32, u32]:
    if n > 5:
        return n, 5
    return 5, n


def test_into_places() -> None:
    p = Pair()
    x: Array[u32] = array(2)
    p.a, p.b = both(9)
    assert p.a == 9
    assert p.b == 5
    x[1], x[0] = both(2)
    assert x[1] == 5
    assert x[0] == 2


def test_in_a_loop() -> None:
    total: u32 = 0
    for i in range(4):
        low, high = both(3) if i % 2 == 0 else both(8)
        total += low * high
    assert total == 110
