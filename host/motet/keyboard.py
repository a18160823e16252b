"""The person's keyboard: raw while the device's shell edits the line, and always put back as it was."""

from __future__ import annotations

import os
import sys
import termios
import tty
from types import TracebackType
from typing import Any, Final

LEAVE: Final = b"\x1d"  # Ctrl-]


class Keyboard:
    """Standard input for a device. `raw` hands every key on; otherwise lines come as they are finished."""

    def __init__(self, raw: bool) -> None:
        self.descriptor = sys.stdin.fileno() if sys.stdin is not None and not sys.stdin.closed else -1
        self.terminal = self.descriptor >= 0 and os.isatty(self.descriptor)
        self.raw = raw and self.terminal
        self.before: list[Any] | None = None

    def __enter__(self) -> Keyboard:
        if self.raw:
            self.before = termios.tcgetattr(self.descriptor)
            tty.setraw(self.descriptor, termios.TCSANOW)
            # Output stays as it was, so that our own lines still end where they should.
            attributes = termios.tcgetattr(self.descriptor)
            attributes[1] = self.before[1]
            termios.tcsetattr(self.descriptor, termios.TCSANOW, attributes)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.before is not None:
            termios.tcsetattr(self.descriptor, termios.TCSADRAIN, self.before)

    def read(self) -> bytes:
        """What was typed; nothing at the end of input."""
        try:
            return os.read(self.descriptor, 1024)
        except OSError:
            return b""
