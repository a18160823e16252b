"""The unsafe corner: addresses, unchecked pointers and views made from them."""
# machine
from typing import Final

from metal import Array, addr_of, array, ptr_at, raw, slice_at, struct, u8, u32

UNSAFE: Final = True

words: Array[u32] = array(8)


@struct
class Pair:
    a: u32 = 0
    b: u32 = 0


def test_raw_elements() -> None:
    p = raw(u32, addr_of(words))
    p[2] = 77
    assert words[2] == 77
    assert p[2] == 77
    assert (p + 1)[1] == 77
    assert addr_of(words[1:]) == addr_of(words) + 4


def test_a_struct_at_an_address() -> None:
    words[4] = 10
    words[5] = 20
    q = ptr_at(Pair, addr_of(words) + 16)
    assert q.a == 10
    assert q.b == 20
    q.b = 21
    assert words[5] == 21


def test_a_slice_at_an_address() -> None:
    s = slice_at(u8, addr_of(words), 4)
    words[0] = 0
    s[0] = 1
    assert len(s) == 4
    assert words[0] == 1 or words[0] == 0x01000000
