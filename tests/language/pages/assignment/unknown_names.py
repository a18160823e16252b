"""A name that nothing declares is refused, and a near one is offered."""
from metal import u32

counter: u32 = 0


def f() -> u32:
    return nowhere  # error: M003 nowhere


def g() -> u32:
    return countr  # error: M003 counter


def h() -> None:
    elsewhere(3)  # error: M003 elsewhere
