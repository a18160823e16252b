"""A pointer refers to a struct: a number has no address in safe code."""
from __future__ import annotations

from metal import Ptr, u32


def f(p: Ptr[u32]) -> u32:  # error: M071 Ptr
    return 0
