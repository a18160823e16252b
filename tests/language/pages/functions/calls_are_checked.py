"""A call gives each parameter exactly one value of its type."""
from metal import u8, u32


def add(a: u32, b: u32) -> u32:
    return a + b


def none() -> None:
    pass


def f(x: u8) -> u32:
    a = add(1)  # error: M060 b
    b = add(1, 2, 3)  # error: M060 argument
    c = add(1, c=2)  # error: M060 c
    d = add(1, a=2)  # error: M060 a
    e = add(1, x)  # error: M010 u8 where u32 is wanted
    g = none()  # error: M010 None
    return missing(3)  # error: M003 missing
