"""An index or a stretch outside shared memory traps."""
# machine
from typing import Final

from metal import Array, Shared, addr_of, array, shared_at, u32, u64

UNSAFE: Final = True

memory: Array[u32] = array(8)


def read(i: u64) -> u32:
    s: Shared[u32] = shared_at(u32, addr_of(memory), 8)
    return s.read(i)  # trap: bounds


def write(i: u64) -> None:
    s: Shared[u32] = shared_at(u32, addr_of(memory), 8)
    s.write(i, 1)  # trap: bounds


def out(start: u64) -> None:
    s: Shared[u32] = shared_at(u32, addr_of(memory), 8)
    a: Array[u32] = array(3)
    s.copy_out(start, a)  # trap: slice


def into(start: u64) -> None:
    s: Shared[u32] = shared_at(u32, addr_of(memory), 8)
    a: Array[u32] = array(3)
    s.copy_in(start, a)  # trap: slice


def test_inside() -> None:
    write(7)
    assert read(7) == 1
    out(5)
    into(5)


def trap_read() -> None:
    assert read(8) == 0


def trap_write() -> None:
    write(18446744073709551615)


def trap_out() -> None:
    out(6)


def trap_into_near_the_end_of_numbers() -> None:
    into(18446744073709551614)
