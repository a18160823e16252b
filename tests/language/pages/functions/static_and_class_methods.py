"""A static method is a function in the struct's name."""
# cpython
from metal import struct, u32


@struct
class Maths:
    n: u32 = 0

    @staticmethod
    def double(x: u32) -> u32:
        return x * 2


def test_call() -> None:
    assert Maths.double(4) == 8
