"""A variable that was read to the left of a call keeps the value it had then."""
# cpython
from metal import Array, array, struct, u32

counter: u32 = 0
cells: Array[u32] = array(3)


@struct
class Box:
    n: u32 = 0

    def bump(self) -> u32:
        self.n += 10
        return self.n


def bump() -> u32:
    global counter
    counter += 10
    return counter


def change(i: u32) -> u32:
    cells[i] += 5
    return 1


def pair(a: u32, b: u32) -> u32:
    return a * 1000 + b


def test_global() -> None:
    global counter
    counter = 1
    assert counter + bump() == 12
    counter = 1
    assert bump() + counter == 22
    counter = 1
    assert pair(counter, bump()) == 1011


def test_field() -> None:
    b = Box(1)
    assert b.n + b.bump() == 12
    c = Box(1)
    assert pair(c.n, c.bump()) == 1011


def test_element() -> None:
    cells[1] = 7
    assert cells[1] + change(1) == 8
    assert cells[1] == 12


def test_comparison() -> None:
    global counter
    counter = 5
    assert counter < bump()
    assert not bump() < counter


def test_augmented_assignment_reads_first() -> None:
    global counter
    counter = 1
    counter += bump()
    assert counter == 12
