"""`u8 | None` is a value or nothing; it is compared before it is used."""
# cpython
from metal import u8, u32


def half(x: u32) -> u32 | None:
    if x % 2 == 1:
        return None
    return x // 2


def or_zero(x: u32) -> u32:
    h = half(x)
    if h is None:
        return 0
    return h


def small(x: u8) -> u8 | None:
    return x if x < 10 else None


def test_values() -> None:
    assert or_zero(8) == 4
    assert or_zero(7) == 0
    three = small(3)
    assert three is not None and three == 3
    assert small(10) is None
    zero = half(0)
    assert zero is not None
    assert zero == 0
