"""Escape: a method stores `self`; calling it on a local is refused."""
from __future__ import annotations

from metal import Ptr, struct, u32


@struct
class Timer:
    at: u32 = 0
    next: Ptr[Timer] | None = None

    def arm(self) -> None:
        global timers
        self.next = timers
        timers = self

    def myself(self) -> Ptr[Timer]:
        return self


timers: Ptr[Timer] | None = None


def attack() -> None:
    t = Timer(3)
    t.arm()  # error: M212 stack


def attack_at_once() -> None:
    Timer(3).arm()  # error: M212 stack


def attack_by_return() -> Ptr[Timer]:
    t = Timer(3)
    return t.myself()  # error: M210 stack
