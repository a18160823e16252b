"""A generic struct is made once for each type that it is used with."""
# cpython
from typing import Generic, TypeVar

from metal import Array, array, i32, struct, u8, u32, u64

T = TypeVar("T")


@struct
class Ring(Generic[T]):
    head: u32 = 0
    tail: u32 = 0
    buf: Array[T] = array(4)

    def put(self, v: T) -> bool:
        if self.head - self.tail == 4:
            return False
        self.buf[self.head % 4] = v
        self.head += 1
        return True

    def take(self) -> T | None:
        if self.head == self.tail:
            return None
        v = self.buf[self.tail % 4]
        self.tail += 1
        return v


bytes_: Ring[u8] = Ring()
longs: Ring[u64] = Ring()


@struct
class Owner:
    events: Ring[i32] = Ring()


def test_two_types() -> None:
    assert bytes_.put(255)
    assert longs.put(18446744073709551615)
    assert longs.put(5)
    a = bytes_.take()
    assert a is not None
    assert a == 255
    assert bytes_.take() is None
    b = longs.take()
    assert b is not None
    assert b == 18446744073709551615
    assert longs.take() is not None


def test_a_full_ring() -> None:
    o = Owner()
    for _ in range(4):
        assert o.events.put(-7)
    assert not o.events.put(1)
    x = o.events.take()
    assert x is not None
    assert x == -7
    assert o.events.put(1)
