"""A `@foreign` function is given by C: its declaration is the whole Python side."""
# machine
from __future__ import annotations

from typing import Final

from metal import Array, RawPtr, array, foreign, raw_of, u8, u64

FOREIGN: Final = True


@foreign
def strlen(text: RawPtr[u8]) -> u64: ...


@foreign
def llabs(x: u64) -> u64: ...


def test_calls() -> None:
    a: Array[u8] = array(8)
    a[0] = 65
    a[1] = 66
    assert strlen(raw_of(a)) == 2
    assert llabs(5) == 5
