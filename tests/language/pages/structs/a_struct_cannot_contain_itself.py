"""Inline storage of itself would be endless; a pointer is meant."""
from __future__ import annotations

from metal import Ptr, struct, u32


@struct
class Node:
    value: u32 = 0
    next: Node  # error: M074 contains itself


@struct
class Good:
    value: u32 = 0
    next: Ptr[Good] | None = None
