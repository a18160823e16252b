"""Views and slices of numbers compare their contents."""
# cpython
from metal import View, u8


def same(a: View[u8], b: View[u8]) -> bool:
    return a == b


def test_contents() -> None:
    assert same(b"lamp", b"lamp")
    assert not same(b"lamp", b"lamb")
    assert not same(b"lamp", b"lam")
    assert same(b"", b"")
