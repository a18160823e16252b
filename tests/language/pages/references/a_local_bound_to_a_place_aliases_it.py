"""`t = tasks[i]` is another name for the element, exactly as in Python."""
from metal import Array, array, struct, u32


@struct
class Task:
    id: u32 = 0
    runs: u32 = 0


tasks: Array[Task] = array(4)


def test_an_element_has_two_names() -> None:
    t = tasks[2]
    t.id = 7
    assert tasks[2].id == 7
    tasks[2].runs = 5
    assert t.runs == 5
    assert t is tasks[2]
    assert t is not tasks[1]


def test_rebinding_a_name_changes_no_element() -> None:
    tasks[0].id = 10
    tasks[1].id = 11
    t = tasks[0]
    t = tasks[1]
    t.id = 99
    assert tasks[0].id == 10
    assert tasks[1].id == 99


def test_the_name_holds_its_element_when_the_index_moves() -> None:
    i: u32 = 0
    t = tasks[i]
    i = 3
    t.runs = 77
    assert tasks[0].runs == 77
    assert tasks[i].runs == 0
