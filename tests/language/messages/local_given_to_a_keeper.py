"""A common mistake: local given to a keeper."""

from __future__ import annotations

from metal import Ptr, struct


@struct
class Timer:
    next: Ptr[Timer] | None = None


timers: Ptr[Timer] | None = None


def arm(t: Ptr[Timer]) -> None:
    global timers
    t.next = timers
    timers = t


def sleep() -> None:
    t = Timer()
    arm(t)
