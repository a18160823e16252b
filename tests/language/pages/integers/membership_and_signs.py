"""`x in (a, b)` compares with constants; signs may be repeated; conditions nest."""
# cpython
from metal import i32, u8


def vowel(c: u8) -> bool:
    return c in (97, 101, 105, 111, 117)


def odd_one_out(c: u8) -> bool:
    return c not in (1, 3, 5)


def signs(x: i32) -> i32:
    return - -x + +x - (-x)


def sign(x: i32) -> i32:
    return -1 if x < 0 else 0 if x == 0 else 1


def clamp(x: i32, low: i32, high: i32) -> i32:
    return low if x < low else (high if x > high else x)


def test_values() -> None:
    assert vowel(97)
    assert not vowel(98)
    assert odd_one_out(2)
    assert not odd_one_out(5)
    assert signs(4) == 12
    assert sign(-9) == -1
    assert sign(0) == 0
    assert sign(3) == 1
    assert clamp(5, 0, 3) == 3
    assert clamp(-5, 0, 3) == 0
    assert not not vowel(97)
