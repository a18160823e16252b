"""A plain class has no storage: it is a struct, an enum or a block of registers."""
from metal import u32


class Plain:  # error: M065 @struct
    a: u32 = 0


def f(p: u32) -> u32:
    return p
