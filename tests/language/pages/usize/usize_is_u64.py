"""`usize` is another name of u64: lengths are u64."""
from metal import U64, View, u8, u64, usize


def length(s: View[u8]) -> usize:
    return len(s)


def double(n: u64) -> usize:
    return n + n


def test_same_type() -> None:
    n: usize = length(b"four")
    m: u64 = n
    assert m == 4
    assert double(n) == 8
    assert U64(n) == 4
