"""The value of a result may be a reference, a slice or a bool."""
from __future__ import annotations

from enum import Enum

from metal import Array, Ptr, Slice, array, struct, u8, u32


class Failure(Enum):
    MISSING = 1


@struct
class Task:
    id: u32 = 0


tasks: Array[Task] = array(4)
bytes_: Array[u8] = array(8)


def find(id: u32) -> Ptr[Task] | Failure:
    for t in tasks:
        if t.id == id:
            return t
    return Failure.MISSING


def head(n: u32) -> Slice[u8] | Failure:
    if n > 8:
        return Failure.MISSING
    return bytes_[:n]


def flag(n: u32) -> bool | Failure:
    if n > 1:
        return Failure.MISSING
    return n == 1


def test_a_reference() -> None:
    tasks[2].id = 7
    t = find(7)
    assert not isinstance(t, Failure)
    t.id = 8
    assert tasks[2].id == 8
    assert isinstance(find(7), Failure)


def test_a_slice() -> None:
    s = head(3)
    assert not isinstance(s, Failure)
    s[0] = 5
    assert bytes_[0] == 5
    assert isinstance(head(9), Failure)


def test_a_bool() -> None:
    r = flag(0)
    assert not isinstance(r, Failure)
    assert not r
    assert isinstance(flag(2), Failure)
