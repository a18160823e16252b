"""A global scalar is written after `global`, read without it, and starts with its constant."""
# cpython
from metal import i64, u32

count: u32 = 7
level: i64 = -3
ready: bool = False


def bump() -> u32:
    global count
    count += 1
    return count


def prepare() -> None:
    global ready, level
    ready = True
    level -= 1


def test_values() -> None:
    before = count
    assert bump() == before + 1
    assert count == before + 1
    prepare()
    assert ready
    assert level < -3
