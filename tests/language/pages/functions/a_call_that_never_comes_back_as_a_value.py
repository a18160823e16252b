"""A function that never returns may stand where a value is wanted: nothing after it is reached."""
from __future__ import annotations

from typing import NoReturn

from metal import panic, u32


def die(n: u32) -> NoReturn:
    panic(f"died of {n}")  # trap: panic


def small(n: u32) -> u32:
    return n if n < 3 else die(n)


def known(n: u32 | None) -> u32:
    if n is None:
        die(0)
    return n


def test_the_other_road() -> None:
    assert small(1) == 1
    assert known(4) == 4


def trap_in_a_choice() -> None:
    small(5)


def trap_in_a_test() -> None:
    known(None)
