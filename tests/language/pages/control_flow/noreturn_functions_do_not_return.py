"""A `NoReturn` function ends in an endless loop, a panic or another such function."""
from typing import NoReturn

from metal import panic, u32


def bad(n: u32) -> NoReturn:  # error: M202 NoReturn
    if n == 3:
        panic("three")


def good(n: u32) -> NoReturn:
    while True:
        n += 1
