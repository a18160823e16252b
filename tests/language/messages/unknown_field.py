"""A common mistake: unknown field."""

from __future__ import annotations

from metal import Ptr, struct, u32


@struct
class Lamp:
    brightness: u32 = 0


def dim(lamp: Ptr[Lamp]) -> None:
    lamp.brightnes -= 1
