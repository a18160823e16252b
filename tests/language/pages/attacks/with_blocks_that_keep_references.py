"""Escape: a manager's `__enter__` hands out or keeps storage of the block's function."""
from __future__ import annotations

from metal import Ptr, Slice, Array, array, struct, u8, u32


@struct
class Arena:
    bytes: Array[u8] = array(16)

    def __enter__(self) -> Slice[u8]:
        return self.bytes

    def __exit__(self, *a: object) -> None:
        self.bytes[0] = 0


def attack() -> Slice[u8]:
    a = Arena()
    with a as s:
        return s  # error: M210 stack


@struct
class Registered:
    n: u32 = 0

    def __enter__(self) -> None:
        global registered
        registered = self

    def __exit__(self, *a: object) -> None:
        pass


registered: Ptr[Registered] | None = None


def attack_by_enter() -> None:
    r = Registered()
    with r:  # error: M212 stack
        pass
