"""A table cannot be changed, and its values must fit its element type."""
from metal import Array, table, u8

small: Array[u8] = table(1, 2, 3)
wrong: Array[u8] = table(1, 256)  # error: M013 256 does not fit u8


def f() -> None:
    small[0] = 9  # error: M055 read-only
