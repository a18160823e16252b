"""`Shared` memory is copied in and out, or changed atomically; nothing in it is fetched twice."""
# machine
from typing import Final

from metal import Array, Shared, addr_of, array, shared_at, u32

UNSAFE: Final = True

memory: Array[u32] = array(8)


def open_window() -> Shared[u32]:
    return shared_at(u32, addr_of(memory), 8)


def test_single_elements() -> None:
    s = open_window()
    assert len(s) == 8
    s.write(3, 9)
    assert s.read(3) == 9
    assert memory[3] == 9


def test_copies() -> None:
    s = open_window()
    a: Array[u32] = array(3)
    a[0] = 1
    a[1] = 2
    a[2] = 3
    s.copy_in(5, a)
    assert memory[7] == 3
    a.fill(0)
    s.copy_out(5, a)
    assert a[1] == 2


def test_atomics() -> None:
    s = open_window()
    s.store(0, 10, "release")
    assert s.load(0, "acquire") == 10
    assert s.add(0, 5) == 10
    assert s.cas(0, 15, 20)
    assert not s.cas(0, 15, 21)
    assert memory[0] == 20
