"""What a `@comptime` function returns is checked against the type it becomes; its own failure is shown."""
from metal import Array, comptime, const, u8


@comptime
def large() -> list[int]:
    return [1, 2, 300]


@comptime
def broken() -> list[int]:
    return [1 // 0]


a: Array[u8] = const(large())  # error: M013 300 does not fit u8
b: Array[u8] = const(broken())  # error: M090 ZeroDivisionError
