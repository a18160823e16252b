"""`encode` shows a text's bytes, `as_text` shows bytes as text; nothing is copied."""
# cpython
from metal import View, as_text, u8, u64


def size(s: str) -> u64:
    return len(s.encode())


def tail(s: str) -> str:
    return as_text(s.encode()[2:])


def first(v: View[u8]) -> u8:
    return v[0]


def test_both_ways() -> None:
    assert size("lamp") == 4
    assert size("é") == 2
    assert tail("ablamp") == "lamp"
    assert first("A".encode()) == 65
    assert tail("xy") == ""
