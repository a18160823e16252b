"""`for t in tasks` names each element in turn; changing it changes the array."""
from metal import Array, array, struct, u32


@struct
class Task:
    n: u32 = 0


tasks: Array[Task] = array(3)


def test_elements_change() -> None:
    n: u32 = 10
    for t in tasks:
        t.n = n
        n += 1
    assert tasks[0].n == 10
    assert tasks[1].n == 11
    assert tasks[2].n == 12
    total: u32 = 0
    for t in tasks:
        total += t.n
    assert total == 33


def test_the_variable_stays_after_the_loop() -> None:
    last = tasks[0]
    for t in tasks:
        last = t
    assert last is tasks[2]
