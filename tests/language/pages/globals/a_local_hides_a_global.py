"""Without `global`, an assignment makes a local, as in Python."""
# cpython
from metal import u32

count: u32 = 7


def local() -> u32:
    count: u32 = 1
    count += 1
    return count


def parameter(count: u32) -> u32:
    return count


def test_the_global_is_untouched() -> None:
    assert local() == 2
    assert parameter(3) == 3
    assert count == 7
