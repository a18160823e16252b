"""`and`, `or`, `not`, `x if c else y` and comparisons are Python's and stop as soon as they know."""
# cpython
from metal import u32, u64

calls: u32 = 0


def yes() -> bool:
    global calls
    calls += 1
    return True


def no() -> bool:
    global calls
    calls += 1
    return False


def test_short_circuit() -> None:
    global calls
    calls = 0
    assert not (no() and yes())
    assert calls == 1
    assert yes() or no()
    assert calls == 2
    assert not no()
    assert calls == 3
    assert (no() or yes()) and yes()
    assert calls == 6


def pick(c: bool, a: u64, b: u64) -> u64:
    return a if c else b


def test_conditional() -> None:
    assert pick(True, 1, 2) == 1
    assert pick(False, 1, 2) == 2


def test_bool_values() -> None:
    a = 3 < 4
    b: bool = a and not a
    assert a
    assert not b
    assert a != b
    assert (a == b) is False
    assert a | b
    assert not a & b
    assert a ^ b
