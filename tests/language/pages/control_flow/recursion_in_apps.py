"""An app may recurse."""
# cpython
from metal import u32, u64


def factorial(n: u64) -> u64:
    return 1 if n == 0 else n * factorial(n - 1)


def even(n: u32) -> bool:
    return True if n == 0 else odd(n - 1)


def odd(n: u32) -> bool:
    return False if n == 0 else even(n - 1)


def ackermann(m: u32, n: u32) -> u32:
    if m == 0:
        return n + 1
    if n == 0:
        return ackermann(m - 1, 1)
    return ackermann(m - 1, ackermann(m, n - 1))


def test_values() -> None:
    assert factorial(20) == 2432902008176640000
    assert even(100)
    assert not odd(100)
    assert ackermann(2, 3) == 9
