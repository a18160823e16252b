"""A global may point at others; functions follow and relink it."""
# cpython
from __future__ import annotations

from metal import Array, Ptr, array, struct, u32


@struct
class Job:
    id: u32 = 0
    next: Ptr[Job] | None = None


jobs: Array[Job] = array(4)
head: Ptr[Job] | None = None
free: Ptr[Job] | None = None


def prepare() -> None:
    global free, head
    free = None
    head = None
    n: u32 = 0
    for job in jobs:
        job.id = n
        job.next = free
        free = job
        n += 1


def push() -> bool:
    global free, head
    job = free
    if job is None:
        return False
    free = job.next
    job.next = head
    head = job
    return True


def sum_of() -> u32:
    total: u32 = 0
    job = head
    while job is not None:
        total = total * 10 + job.id
        job = job.next
    return total


def test_moves() -> None:
    prepare()
    assert sum_of() == 0
    assert push()
    assert push()
    assert sum_of() == 23
    assert push()
    assert push()
    assert not push()
    assert sum_of() == 123
    first = head
    assert first is not None
    assert first is jobs[0]
