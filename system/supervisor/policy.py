"""Whether a process that ended is started again: a rule of its plan, and a limit on how often."""

from __future__ import annotations

from enum import IntEnum

from abi.bundle import ALWAYS, ON_FAILURE
from metal import struct, u32, u64


class Ending(IntEnum):
    """How a process came to its end."""

    FINISHED = 0  # its main returned
    FAULT = 1
    STOPPED = 2  # a person stopped it


class Decision(IntEnum):
    """What follows."""

    STAY = 0
    RESTART = 1
    GIVE_UP = 2  # it would be restarted, but it failed too often


@struct
class RestartHistory:
    """How often one process was started again, and how often lately."""

    total: u32 = 0
    recent: u32 = 0
    window_start: u64 = 0

    def decide(self, ending: Ending, rule: u32, limit: u32, window: u64, time: u64) -> Decision:
        """Decides after an ending at `time`; a restart is counted. Times have any one unit."""
        if not wants_restart(ending, rule):
            return Decision.STAY
        if time - self.window_start >= window:
            self.window_start = time
            self.recent = 0
        if self.recent >= limit:
            return Decision.GIVE_UP
        self.recent += 1
        self.total += 1
        return Decision.RESTART


def wants_restart(ending: Ending, rule: u32) -> bool:
    """Whether the rule asks for a restart after this ending."""
    match ending:
        case Ending.FAULT:
            return rule == ON_FAILURE or rule == ALWAYS
        case Ending.FINISHED | Ending.STOPPED:
            return rule == ALWAYS
