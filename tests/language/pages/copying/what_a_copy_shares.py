"""A copy has its own inline parts and the same references; whoever refers to a part of the target sees the new content."""
# cpython
from __future__ import annotations

from metal import Array, Ptr, array, assign, struct, u32


@struct
class Cell:
    value: u32 = 0


@struct
class Node:
    inner: Cell = Cell()
    many: Array[u32] = array(2)
    cells: Array[Cell] = array(2)
    next: Ptr[Cell] | None = None


other: Cell = Cell(7)
a: Node = Node()
b: Node = Node()


def test_inline_parts_are_copied_and_references_shared() -> None:
    a.inner.value = 1
    a.many[1] = 2
    a.cells[1].value = 3
    a.next = other
    assign(b, a)
    a.inner.value = 10
    a.many[1] = 20
    a.cells[1].value = 30
    assert b.inner.value == 1
    assert b.many[1] == 2
    assert b.cells[1].value == 3
    assert b.next is other


def test_a_name_of_a_part_sees_the_new_content() -> None:
    part = b.inner
    cell = b.cells[0]
    c = Node()
    c.inner.value = 5
    c.cells[0].value = 6
    assign(b, c)
    assert part.value == 5
    assert cell.value == 6
    assert part is b.inner
    assert b.next is None


cells: Array[Cell] = array(4)


def test_elements_that_are_structs_are_copied_too() -> None:
    n: u32 = 1
    for cell in cells:
        cell.value = n
        n += 1
    first = cells[0]
    cells[0:2].copy_from(cells[2:4])
    assert first.value == 3
    assert cells[1].value == 4
    cells[2].value = 99
    assert first.value == 3
    cells[1:4].copy_from(cells[0:3])
    assert cells[1].value == 3
    assert cells[2].value == 4
    assert cells[3].value == 99
