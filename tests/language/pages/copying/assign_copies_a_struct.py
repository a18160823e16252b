"""`assign` copies the content; afterwards the two are independent."""
# cpython
from metal import Array, array, assign, struct, u32


@struct
class Inner:
    value: u32 = 0
    many: Array[u32] = array(3)


@struct
class Outer:
    inner: Inner = Inner()
    tag: u32 = 0


def test_a_field_is_set() -> None:
    a = Inner(5)
    a.many[1] = 8
    o = Outer()
    assign(o.inner, a)
    assert o.inner.value == 5
    assert o.inner.many[1] == 8
    a.value = 6
    a.many[1] = 9
    assert o.inner.value == 5
    assert o.inner.many[1] == 8


cells: Array[Outer] = array(3)


def test_an_element_is_set() -> None:
    assign(cells[1], Outer(tag=3))
    assert cells[1].tag == 3
    assign(cells[2], cells[1])
    cells[1].tag = 4
    assert cells[2].tag == 3


def test_setting_to_itself_changes_nothing() -> None:
    cells[1].tag = 12
    assign(cells[1], cells[1])
    assert cells[1].tag == 12
