"""A name set on each path that arrives is set."""
# cpython
from metal import u32


def branches(n: u32) -> u32:
    r: u32
    if n == 0:
        r = 1
    elif n == 1:
        r = 2
    else:
        return 99
    return r


def endless(n: u32) -> u32:
    while True:
        x = n * 2
        if x > 10:
            break
        n += 1
    return x


def test_values() -> None:
    assert branches(0) == 1
    assert branches(1) == 2
    assert branches(5) == 99
    assert endless(0) == 12
