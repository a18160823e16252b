"""A module that keeps the contract of the pages about protocols."""

from metal import u32

resets: u32 = 0


def read(n: u32, /) -> u32:
    global resets
    resets += 1
    return n + resets


def reset() -> None:
    global resets
    resets = 0
