"""A decorator is one of the language's own, with a sensible argument."""
import functools

from metal import align, struct, u32


@functools.cache  # error: M065 cache
def f(n: u32) -> u32:
    return n


@align(3)  # error: M065 3
@struct
class Odd:
    n: u32 = 0


@property  # error: M065 property
def g(n: u32) -> u32:
    return n
