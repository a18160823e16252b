"""`add` and `sub` of an `Atomic` wrap, in every width, because no check could be atomic with them."""
from metal import Atomic, u8, u32, u64

small: Atomic[u8] = Atomic(250)
middle: Atomic[u32] = Atomic(0)
large: Atomic[u64] = Atomic(0)


def test_wrapping() -> None:
    assert small.add(10) == 250
    assert small.load() == 4
    assert middle.sub(1) == 0
    assert middle.load() == 4294967295
    assert large.sub(1) == 0
    assert large.load() == 18446744073709551615
