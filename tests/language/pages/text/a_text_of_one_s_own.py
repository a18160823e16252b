"""An `@appender` takes f-strings piece by piece; the first error ends it."""
from enum import Enum

from metal import appender, struct, u32, u64


class Failure(Enum):
    FULL = 1


@struct
class Meter:
    pieces: u32 = 0
    bytes: u64 = 0
    limit: u64 = 1000

    @appender
    def write(self, text: str) -> None | Failure:
        size: u64 = len(text.encode())
        if self.bytes + size > self.limit:
            return Failure.FULL
        self.pieces += 1
        self.bytes += size
        return None


def test_all_pieces() -> None:
    m = Meter()
    n: u32 = 255
    assert m.write(f"n is {n:04x}, {n}") is None
    assert m.bytes == 14
    assert m.write("plain") is None
    assert m.bytes == 19


def test_the_first_error_ends_it() -> None:
    m = Meter(limit=6)
    n: u32 = 255
    assert m.write(f"ab {n} cdef {n}") is Failure.FULL
    assert m.bytes == 6
