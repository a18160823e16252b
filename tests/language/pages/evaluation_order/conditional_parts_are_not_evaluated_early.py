"""What stands in an untaken branch, or behind a decided `and`, is not evaluated: not even its checks."""
# cpython
from metal import Array, Slice, array, u32, u64

values: Array[u32] = array(3)


def safe(s: Slice[u32], i: u64) -> u32:
    return s[i] if i < len(s) else 99


def guarded(a: u32, b: u32) -> bool:
    return b != 0 and a // b > 2


def otherwise(a: u32, b: u32) -> bool:
    return b == 0 or a // b > 2


def down(j: u64) -> u64:
    while j > 0 and values[j - 1] == 0:
        j -= 1
    return j


def calls(a: u32, b: u32) -> u32:
    return (a // b if b != 0 else 7) + (b if a == 0 else a)


def test_nothing_traps() -> None:
    assert safe(values, 3) == 99
    assert safe(values, 2) == 0
    assert not guarded(5, 0)
    assert guarded(9, 3)
    assert otherwise(5, 0)
    assert down(3) == 0
    assert calls(8, 0) == 15
    assert calls(8, 2) == 12
