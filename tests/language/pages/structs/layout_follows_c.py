"""Fields lie in order, each at its natural alignment, and the size is a multiple of the largest."""
from metal import Array, array, offset_of, size_of, struct, u8, u16, u32, u64


@struct
class Mixed:
    a: u8 = 0
    b: u32 = 0
    c: u8 = 0
    d: u64 = 0
    e: u16 = 0


@struct
class Holder:
    tag: u8 = 0
    many: Array[Mixed] = array(3)
    flag: bool = False


def test_sizes() -> None:
    assert size_of(Mixed) == 32
    assert offset_of(Mixed, "b") == 4
    assert offset_of(Mixed, "c") == 8
    assert offset_of(Mixed, "d") == 16
    assert offset_of(Mixed, "e") == 24
    assert size_of(Holder) == 112
    assert offset_of(Holder, "many") == 8
    assert offset_of(Holder, "flag") == 104
