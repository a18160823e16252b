"""`assign` copies between two storages of one type, and from nothing else."""
from metal import Array, Slice, array, assign, struct, u8, u32


@struct
class Point:
    x: u32 = 0


@struct
class Size:
    x: u32 = 0


a: Array[u8] = array(3)
b: Array[u8] = array(4)


def f(p: Point, s: Size) -> None:
    assign(p, s)  # error: M010 where


def g() -> None:
    assign(a, b)  # error: M010 where


def h(n: u32, m: u32) -> None:
    assign(n, m)  # error: M010 storage
