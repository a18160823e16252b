"""The kinds of failed check: the compiler writes them into a table, the kernel reads it, the host prints them."""

from enum import IntEnum


class TrapKind(IntEnum):
    OVERFLOW = 1
    BOUNDS = 2
    DIVISION = 3
    CONVERSION = 4
    SHIFT = 5
    ASSERTION = 6
    UNREACHABLE = 7
    PANIC = 8
    SLICE = 9
