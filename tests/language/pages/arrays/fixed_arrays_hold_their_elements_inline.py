"""`array(n)` is storage for n elements, zeroed, indexed from 0."""
# cpython
from metal import Array, array, u8, u32

table: Array[u32] = array(8)


def test_a_global_array_starts_as_zeros() -> None:
    for x in table:
        assert x == 0
    assert len(table) == 8


def test_elements_are_written_and_read() -> None:
    a: Array[u8] = array(4)
    a[0] = 1
    a[3] = 200
    assert a[0] == 1
    assert a[1] == 0
    assert a[3] == 200
    assert len(a) == 4


def fill(a: Array[u32], value: u32) -> None:
    for i in range(len(a)):
        a[i] = value


def test_an_array_is_given_by_reference() -> None:
    a: Array[u32] = array(3)
    fill(a, 9)
    assert a[0] == 9
    assert a[2] == 9
