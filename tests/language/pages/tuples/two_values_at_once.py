"""A function may return several values, which are unpacked at once."""
# cpython
from metal import u32, u64


def divide(a: u64, b: u64) -> tuple[u64, u64]:
    return a // b, a % b


def three(n: u32) -> tuple[u32, bool, u64]:
    return n + 1, n > 3, 9


def forward(a: u64) -> tuple[u64, u64]:
    q, r = divide(a, 7)
    return r, q


def test_values() -> None:
    q, r = divide(17, 5)
    assert q == 3
    assert r == 2
    a, b, c = three(4)
    assert a == 5
    assert b
    assert c == 9
    x, y = forward(50)
    assert x == 1
    assert y == 7
    _, only = divide(9, 4)
    assert only == 1
