"""`State(n)` gives the member with that number, and traps when there is none."""
from enum import Enum

from metal import u32


class State(Enum):
    READY = 0
    RUNNING = 1
    DEAD = 9


def from_number(n: u32) -> State:
    return State(n)  # trap: conversion


def test_members() -> None:
    assert from_number(0) is State.READY
    assert from_number(1) is State.RUNNING
    assert from_number(9) is State.DEAD


def trap_gap() -> None:
    assert from_number(5) is State.DEAD


def trap_above() -> None:
    assert from_number(265) is State.DEAD
