"""Names in C: Python's own, except where C gives the word a meaning of its own."""

from __future__ import annotations

import re
from pathlib import Path

# Words of C11 and GNU C that are ordinary names in Python, and the object-like macros a compiler predefines.
_TAKEN = frozenset(
    """
    auto case char const default do double enum extern float goto inline int long register restrict return short
    signed sizeof static struct switch typedef typeof union unsigned void volatile asm bool true false unix linux
    u8 u16 u32 u64 i8 i16 i32 i64 w8 w16 w32 w64 f32 f64 main
    """.split()  # noqa: SIM905
)


_HEADER = Path(__file__).resolve().parents[1] / "runtime" / "metal.h"
_MACROS = frozenset(re.findall(r"^#define (\w+)", _HEADER.read_text(), re.MULTILINE))


def c_name(name: str) -> str:
    """A local's or a field's name. Names that end in two underscores belong to the macros of the runtime."""
    if name in _TAKEN or name in _MACROS or name.endswith("__"):
        return name + "_py"
    return name
