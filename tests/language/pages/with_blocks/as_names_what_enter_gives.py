"""`with x as y` binds what `__enter__` returns; several managers enter from left to right and leave in reverse."""
# cpython
from metal import struct, u32

trace: u32 = 0


@struct
class Step:
    digit: u32 = 0

    def __enter__(self) -> u32:
        global trace
        trace = trace * 10 + self.digit
        return self.digit * 100

    def __exit__(self, *a: object) -> None:
        global trace
        trace = trace * 10 + self.digit


def test_value() -> None:
    global trace
    trace = 0
    s = Step(3)
    with s as hundred:
        assert hundred == 300
    assert trace == 33


def test_order() -> None:
    global trace
    trace = 0
    a = Step(1)
    b = Step(2)
    with a, b:
        trace = trace * 10 + 9
    assert trace == 12921
