"""A common mistake: five mistakes."""

from __future__ import annotations

from metal import Ptr, View, struct, u32, u8


@struct
class Lamp:
    level: u8 = 0


def raise_level(lamp: Ptr[Lamp], by: u32) -> None:
    lamp.level += by


def parse(text: View[u8]) -> u32:
    value = 0
    if len(text):
        return 1
    return valeu


def half(n: u32) -> u32:
    return n / 2
