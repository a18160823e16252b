"""What we start ends with us, however we end."""

from __future__ import annotations

import ctypes
import signal
import sys
from types import FrameType
from typing import Final, NoReturn

PR_SET_PDEATHSIG: Final = 1
_C_LIBRARY: Final = ctypes.CDLL(None)


def die_with_parent() -> None:
    """In a process that was just started: the kernel kills it when the one that started it is gone."""
    _C_LIBRARY.prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)


def end_on_signals() -> None:
    """SIGTERM and SIGHUP unwind like Ctrl-C, so that devices are switched off and the terminal is put back."""

    def end(number: int, frame: FrameType | None) -> NoReturn:
        sys.exit(128 + number)

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGHUP, end)
