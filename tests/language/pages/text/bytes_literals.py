"""`b"..."` is a read-only view of its bytes, with escapes as in Python."""
# cpython
from metal import U64, View, u8, u64


def total(s: View[u8]) -> u64:
    sum: u64 = 0
    for c in s:
        sum += U64(c)
    return sum


def last(s: View[u8]) -> u8:
    return s[len(s) - 1]


def test_values() -> None:
    assert len(b"abc") == 3
    assert total(b"abc") == 294
    assert last(b"a\n") == 10
    assert last(b"\xff") == 255
    assert len(b"") == 0
    assert len(b"a\0b") == 3
    s = b"hello"
    assert s[1] == 101
    assert s[1:3][1] == 108
