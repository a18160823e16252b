"""A slice of structs shows the structs themselves."""
from metal import Array, Slice, array, struct, u32


@struct
class Task:
    n: u32 = 0


tasks: Array[Task] = array(6)


def mark(s: Slice[Task], n: u32) -> None:
    for t in s:
        t.n = n


def first(s: Slice[Task]) -> u32:
    t = s[0]
    return t.n


def test_marks() -> None:
    mark(tasks[1:3], 7)
    assert tasks[0].n == 0
    assert tasks[1].n == 7
    assert tasks[2].n == 7
    assert tasks[3].n == 0
    assert first(tasks[2:]) == 7
