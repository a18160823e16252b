"""Escape: a method keeps what it was given in `self`, and `self` lives longer."""
from __future__ import annotations

from metal import Ptr, View, array, Array, struct, u8, u32


@struct
class Task:
    n: u32 = 0


@struct
class Scheduler:
    current: Ptr[Task] | None = None
    name: View[u8] = b""

    def run(self, t: Ptr[Task]) -> None:
        self.current = t

    def call_it(self, name: View[u8]) -> None:
        self.name = name


scheduler: Scheduler = Scheduler()


def attack() -> None:
    t = Task(1)
    scheduler.run(t)  # error: M212 stack


def attack_with_bytes() -> None:
    a: Array[u8] = array(4)
    scheduler.call_it(a)  # error: M212 stack


def attack_given(s: Ptr[Scheduler]) -> None:
    t = Task(1)
    s.run(t)  # error: M212 stack


def fine() -> u32:
    s = Scheduler()
    t = Task(1)
    s.run(t)
    return 0 if s.current is None else 1
