"""Names live in a module, a struct or a function: nothing is nested deeper."""
from metal import struct, u32


def f() -> u32:

    return 0


def g() -> u32:
    class Inner:  # error: M002 class
        n: u32 = 0

    return 0


@struct
class Outer:
    n: u32 = 0

    @struct
    class Nested:  # error: M002 class
        m: u32 = 0
