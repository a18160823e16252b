"""A divisor that is the constant zero can only trap, so it is refused."""
from metal import u32


def f(x: u32) -> u32:
    return x // 0  # error: M018 division by zero


def g(x: u32) -> u32:
    return x % 0  # error: M018 division by zero
