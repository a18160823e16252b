"""A struct in shared memory is copied out and in whole; what is checked is the copy."""
# machine
from typing import Final

from metal import Array, addr_of, array, shared_at, struct, u32, u64

UNSAFE: Final = True


@struct
class Record:
    a: u32 = 0
    b: u32 = 0


memory: Array[u64] = array(4)


def fetch(i: u64) -> u32:
    s = shared_at(Record, addr_of(memory), 4)
    r = Record()
    s.fetch(i, r)  # trap: bounds
    return r.a * 10 + r.b


def put(i: u64, a: u32, b: u32) -> None:
    s = shared_at(Record, addr_of(memory), 4)
    s.put(i, Record(a, b))  # trap: bounds


def test_copies() -> None:
    put(2, 3, 4)
    assert fetch(2) == 34
    assert fetch(1) == 0


def trap_fetch() -> None:
    assert fetch(4) == 0


def trap_put() -> None:
    put(18446744073709551615, 1, 1)
