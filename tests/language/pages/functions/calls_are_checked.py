"""A call gives each parameter exactly one value of its type."""
from metal import u8, u32


def add(a: u32, b: u32) -> u32:
    return a + b


def none() -> None:
    pass


def f(x: u8) -> u32:
    a = add(1)  # error: b
    b = add(1, 2, 3)  # error: argument
    c = add(1, c=2)  # error: c
    d = add(1, a=2)  # error: a
    e = add(1, x)  # error: u8 where u32 is wanted
    g = none()  # error: None
    return missing(3)  # error: missing
