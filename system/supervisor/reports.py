"""What the supervisor has to tell the console, kept until the console takes it.

The supervisor never waits for an answer: whom it would wait for may be waiting for the supervisor to be started again.
"""

from __future__ import annotations

from typing import Final

from abi.console import PAYLOAD_BYTES
from abi.interface import CallError
from abi.services.console import Console
from metal import Array, View, array, struct, u8, u64
from system.app import connect
from system.runtime.time import milliseconds

REPORTS: Final = 16
PATIENCE_MS: Final = 20


@struct
class Report:
    """One frame's content."""

    kind: u8 = 0
    process: u8 = 0
    size: u64 = 0
    data: Array[u8] = array(PAYLOAD_BYTES)


@struct
class Reports:
    """A queue. When it is full the oldest report is lost, and counted."""

    first: u64 = 0
    count: u64 = 0
    lost: u64 = 0
    ring: Array[Report] = array(REPORTS)

    def add(self, kind: u8, process: u8, data: View[u8]) -> None:
        """Keeps a report; what is beyond one frame's payload is cut off."""
        if self.count == REPORTS:
            self.first = (self.first + 1) % REPORTS
            self.count -= 1
            self.lost += 1
        report = self.ring[(self.first + self.count) % REPORTS]
        report.kind = kind
        report.process = process
        report.size = len(data) if len(data) < PAYLOAD_BYTES else PAYLOAD_BYTES
        report.data[0 : report.size].copy_from(data[0 : report.size])
        self.count += 1

    def send(self) -> bool:
        """Sends what the console takes now; whether nothing is left."""
        console = connect(Console, "console", milliseconds(PATIENCE_MS))
        if isinstance(console, CallError):
            self.count = 0
            return True
        while self.count > 0:
            report = self.ring[self.first]
            failed = console.report(report.kind, report.process, report.data[0 : report.size])
            if failed is not None:
                return False
            self.first = (self.first + 1) % REPORTS
            self.count -= 1
        return True
