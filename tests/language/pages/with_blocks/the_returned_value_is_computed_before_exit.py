"""The value of `return` inside a `with` is taken before `__exit__` runs."""
# cpython
from metal import struct, u32


@struct
class Guard:
    value: u32 = 1

    def __enter__(self) -> None:
        self.value = 5

    def __exit__(self, *a: object) -> None:
        self.value = 100


g: Guard = Guard()


def read() -> u32:
    with g:
        return g.value


def pair() -> tuple[u32, u32]:
    with g:
        return g.value, g.value + 1


def test_order() -> None:
    assert read() == 5
    assert g.value == 100
    a, b = pair()
    assert a == 5
    assert b == 6
