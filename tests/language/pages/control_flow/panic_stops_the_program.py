"""`panic` prints its words and stops; code after it is not reached."""
from metal import panic, u32


def check(n: u32) -> u32:
    if n > 3:
        panic(f"{n} is too much")  # trap: panic
    return n


def test_small() -> None:
    assert check(3) == 3


def trap_large() -> None:
    assert check(4) == 0
