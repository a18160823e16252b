"""A word of the language keeps its meaning under another name."""
from __future__ import annotations

from enum import IntEnum as Members
from typing import Final as Fixed

from metal import U32 as Wide
from metal import Array as Row
from metal import Ptr as Reference
from metal import array as room
from metal import popcount as ones
from metal import rotl as turned
from metal import struct as record
from metal import u32, u64, w32

COUNT: Fixed = 3


class State(Members):
    OFF = 0
    ON = 1


@record
class Lamp:
    state: State = State.OFF
    levels: Row[u32] = room(COUNT)


def brighten(lamp: Reference[Lamp], by: u64) -> u32:
    lamp.state = State.ON
    lamp.levels[0] += Wide(by)
    return lamp.levels[0]


def turn(word: w32) -> w32:
    return turned(word, 8)


def test_each_word() -> None:
    lamp = Lamp()
    assert brighten(lamp, 5) == 5
    assert lamp.state == State.ON
    assert turn(0xFF) == 0xFF00
    assert ones(0xF0) == 4
