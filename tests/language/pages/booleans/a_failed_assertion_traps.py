"""`assert` stops the program when its condition is false; the message is optional."""
from metal import u32


def check(x: u32) -> None:
    assert x < 10  # trap: assertion


def check_with_words(x: u32) -> None:
    assert x != 3, "three is not allowed"  # trap: assertion


def test_true_assertions() -> None:
    check(9)
    check_with_words(4)


def trap_plain() -> None:
    check(10)


def trap_with_words() -> None:
    check_with_words(3)
