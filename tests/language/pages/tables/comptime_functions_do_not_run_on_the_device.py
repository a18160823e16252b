"""A `@comptime` function exists only while compiling."""
from metal import comptime, u32


@comptime
def five() -> int:
    return 5


def f() -> u32:
    return five()  # error: M090 comptime
