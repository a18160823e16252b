"""One run of a device with a person or a program in front of it: output to its place, input in, the status out."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from abi import console
from motet.emulator import Emulator
from motet.errors import STATUS_FAULT, STATUS_REFUSED, DeviceError, TimedOut
from motet.faults import draw_fault
from motet.frames import Frame, RawText
from motet.keyboard import LEAVE, Keyboard
from motet.records import unpack

CHUNK: Final = 128  # bytes of input in one frame, so that a device's buffer never has to be large


@dataclass
class Outlets:
    """Where what a device says goes."""

    output: Callable[[bytes], None]
    log: Callable[[str], None]
    report: Callable[[str], None]


@dataclass
class Session:
    """A device that runs one image; `programs` are names and ELF files in the bundle's order."""

    emulator: Emulator
    programs: list[tuple[str, Path]]
    outlets: Outlets
    folders: tuple[Path, ...] = ()
    ended: console.ExitReport | None = None
    faults: list[str] = field(default_factory=list[str])
    log_start: bytearray = field(default_factory=bytearray)
    opening: str | None = None  # what firmware says, of use only if the system never speaks

    def run(self, keyboard: Keyboard | None, seconds: float | None = None) -> int:
        """Until the device ends; the status of the command is its status."""
        deadline = None if seconds is None else time.monotonic() + seconds
        if keyboard is not None and keyboard.descriptor >= 0:
            self.listen_to(keyboard)
        self.opening = "" if self.emulator.firmware_speaks else None
        running = True
        try:
            while running:
                left = None if deadline is None else deadline - time.monotonic()
                if left is not None and left <= 0:
                    raise TimedOut(f"the device did not finish within {seconds:g} seconds, and was switched off")
                said, ready, running = self.emulator.step(left)
                for item in said:
                    self.take(item)
                if ready and keyboard is not None and not self.forward(keyboard):
                    return 0
        finally:
            if self.opening:
                self.outlets.log(self.opening)
        return self.status()

    def listen_to(self, keyboard: Keyboard) -> None:
        """Takes the keyboard's bytes from now on; a regular file cannot be waited for, so it is read at once."""
        try:
            self.emulator.watch(keyboard.descriptor)
        except PermissionError:
            while data := keyboard.read():
                self.send_input(data)
            self.emulator.send(console.END_OF_INPUT, b"")

    def forward(self, keyboard: Keyboard) -> bool:
        """Hands typed bytes on; False when the person leaves."""
        data = keyboard.read()
        if not data:
            self.emulator.unwatch(keyboard.descriptor)
            self.emulator.send(console.END_OF_INPUT, b"")
        elif keyboard.raw and LEAVE in data:
            return False
        else:
            self.send_input(data)
        return True

    def send_input(self, data: bytes) -> None:
        """Typed bytes, in frames a device can hold."""
        for start in range(0, len(data), CHUNK):
            self.emulator.send(console.INPUT, data[start : start + CHUNK])

    def take(self, item: Frame | RawText) -> None:
        """Sends one thing the device said where it belongs."""
        if isinstance(item, Frame):
            self.opening = None
        if isinstance(item, RawText) and self.opening is not None:
            self.opening += item.data.decode(errors="replace")
        elif isinstance(item, RawText):
            self.outlets.log(item.data.decode(errors="replace"))
        elif item.kind in (console.APP_OUTPUT, console.TERMINAL):
            self.outlets.output(item.payload)
        elif item.kind == console.LOG:
            self.outlets.log(item.payload.decode(errors="replace").rstrip("\n") + "\n")
        elif item.kind == console.FAULT:
            report = draw_fault(unpack(console.FaultReport, item.payload), self.programs, self.folders)
            self.faults.append(report)
            self.outlets.report(report)
        elif item.kind == console.EXIT:
            self.ended = unpack(console.ExitReport, item.payload)

    def status(self) -> int:
        """The exit status, from the device's last frame."""
        if self.ended is None:
            said = self.emulator.complaints.decode(errors="replace").strip()
            raise DeviceError(
                "the device went off without saying how it ended",
                cure=said or "motet run --trap-log shows what it did last",
            )
        if self.ended.reason == console.EXIT_FINISHED:
            return int(self.ended.status) & 0xFF
        return STATUS_REFUSED if self.ended.reason == console.EXIT_REFUSED else STATUS_FAULT


def person_outlets() -> Outlets:
    """Standard output gets what the app prints and nothing else; the rest goes to standard error."""
    from motet.terminal import complain

    def output(data: bytes) -> None:
        sys.stdout.flush()
        view = memoryview(data)
        while view:
            view = view[os.write(sys.stdout.fileno(), view) :]

    def log(text: str) -> None:
        sys.stderr.write(text)
        sys.stderr.flush()

    return Outlets(output, log, complain)
