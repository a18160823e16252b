"""A comparison or a name alone in a line is a mistake: an assignment or a call was meant."""
from metal import u32

count: u32 = 0


def reset() -> None:
    global count
    count == 0  # error: M025 does nothing


def name() -> None:
    count  # error: M025 does nothing


def sum_of(a: u32) -> u32:
    a + 1  # error: M025 does nothing
    return a
