"""A function with a result returns on every path; code after a return is refused."""
from typing import NoReturn

from metal import panic, u32


def missing(n: u32) -> u32:  # error: M202 without return
    if n > 3:
        return 1


def loop(n: u32) -> u32:  # error: M202 without return
    while n > 3:
        return 1


def after(n: u32) -> u32:
    return n
    n += 1  # error: M203 unreachable


def after_break(n: u32) -> u32:
    while True:
        break
        n += 1  # error: M203 unreachable
    return n


def good(n: u32) -> u32:
    while True:
        n += 1
        if n > 5:
            return n


def stop() -> NoReturn:
    panic("stop")


def also_good(n: u32) -> u32:
    if n == 0:
        return 1
    stop()
