"""A function may return a reference to a global, to an element, or to what it was given."""
from __future__ import annotations

from metal import Array, Ptr, array, struct, u32


@struct
class Task:
    n: u32 = 0


tasks: Array[Task] = array(4)


def at(i: u32) -> Ptr[Task]:
    return tasks[i]


def larger(a: Ptr[Task], b: Ptr[Task]) -> Ptr[Task]:
    if a.n > b.n:
        return a
    return b


def test_it_is_the_same_storage() -> None:
    at(1).n = 5
    assert tasks[1].n == 5
    at(2).n = 9
    assert larger(at(1), at(2)) is tasks[2]
    larger(at(1), at(2)).n = 1
    assert tasks[2].n == 1
