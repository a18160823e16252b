"""A slice is a value: a struct may keep one of lasting storage, and it can be replaced."""
from metal import Array, View, array, struct, u8

storage: Array[u8] = array(16)


@struct
class Reader:
    rest: View[u8] = b""

    def next(self) -> u8:
        x = self.rest[0]
        self.rest = self.rest[1:]
        return x


def test_reading() -> None:
    storage[3] = 30
    storage[4] = 40
    r = Reader(storage[3:6])
    assert r.next() == 30
    assert r.next() == 40
    assert len(r.rest) == 1
    r.rest = storage[:4]
    assert len(r.rest) == 4


def test_the_empty_slice() -> None:
    r = Reader()
    assert len(r.rest) == 0
