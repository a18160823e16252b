"""An emulated device: starts QEMU, gives what comes over its console, takes input, and always ends it."""

from __future__ import annotations

import contextlib
import os
import selectors
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Final

from abi import console
from metal.compiler.tools import BuildError, run_tool
from motet.errors import ToolError
from motet.frames import Decoder, Frame, RawText, encode
from motet.paths import CACHE
from motet.plan.board import IMAGE, Board
from motet.process import die_with_parent

# How long a device that was asked to end, or lost its console, may take before it is killed.
PATIENCE: Final = 2.0


@dataclass(frozen=True)
class Settings:
    """What a person can choose about an emulated device."""

    memory: int
    cpus: int = 1
    trap_log: Path | None = None
    debugger_port: int | None = None
    extra: list[str] = field(default_factory=list[str])


def command_line(board: Board, image: Path, settings: Settings) -> list[str]:
    """The emulator's command for a board."""
    program = shutil.which(board.emulator.program)
    if program is None:
        raise ToolError(
            f"{board.emulator.program} is not installed",
            cure=board.emulator.cure,
        )
    command = [
        program, "-machine", board.emulator.machine, "-cpu", board.emulator.cpu,
        "-smp", str(board.emulator.cpus or settings.cpus), "-m", f"{settings.memory // (1 << 20)}M",
        "-nodefaults", "-no-user-config", "-display", "none", "-monitor", "none", "-nic", "none", "-no-reboot",
        *["-serial", "null"] * board.emulator.serial, "-serial", "stdio",
        *(word.replace(IMAGE, str(image)) for word in board.emulator.boot),
    ]  # fmt: skip
    if board.emulator.tree:
        command += ["-dtb", str(compiled_tree(board))]
    if settings.cpus > 1:
        command += ["-accel", "tcg,thread=multi"]
    if settings.trap_log is not None:
        command += ["-d", "int,guest_errors,unimp", "-D", str(settings.trap_log)]
    if settings.debugger_port is not None:
        command += ["-S", "-gdb", f"tcp:127.0.0.1:{settings.debugger_port}"]
    return [*command, *board.emulator.arguments, *settings.extra]


def compiled_tree(board: Board) -> Path:
    """The blob of a board's device tree, made from its source by the device tree compiler."""
    source = board.file.with_name(board.emulator.tree)
    blob = CACHE / source.with_suffix(".dtb").name
    if not blob.exists() or blob.stat().st_mtime < source.stat().st_mtime:
        CACHE.mkdir(parents=True, exist_ok=True)
        try:
            run_tool("dtc", "-q", "-I", "dts", "-O", "dtb", "-o", blob, source)
        except BuildError as error:
            raise ToolError(str(error), cure=board.emulator.cure) from error
    return blob


class Emulator:
    """A running device. Use it in a `with`: however that ends, the process is gone afterwards."""

    def __init__(self, board: Board, image: Path, settings: Settings) -> None:
        self.command = command_line(board, image, settings)
        self.firmware_speaks = board.emulator.firmware_speaks
        self.decoder = Decoder()
        self.complaints = bytearray()  # what the emulator itself said
        self.pending = bytearray()  # input the device has not taken yet
        self.heard = False  # its console has spoken, so it listens too

    def __enter__(self) -> Emulator:
        # A session of its own keeps the terminal's Ctrl-C from reaching the emulator before us.
        self.process = subprocess.Popen(
            self.command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
            preexec_fn=die_with_parent,
        )
        assert self.process.stdin and self.process.stdout and self.process.stderr
        self.input = self.process.stdin.fileno()
        self.output = self.process.stdout.fileno()
        self.errors = self.process.stderr.fileno()
        os.set_blocking(self.input, False)
        self.selector = selectors.DefaultSelector()
        self.selector.register(self.output, selectors.EVENT_READ)
        self.selector.register(self.errors, selectors.EVENT_READ)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.selector.close()
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()

    def send(self, kind: int, payload: bytes) -> None:
        """Sends one frame to the device, as soon as it listens and has room."""
        self.pending += encode(Frame(kind, console.NOBODY, payload))
        if self.heard:
            self.push()

    def push(self) -> None:
        """Writes what the device takes now; the rest is written when it has room."""
        while self.pending:
            try:
                count = os.write(self.input, self.pending)
            except BlockingIOError:
                break
            except OSError:
                self.pending.clear()
                break
            del self.pending[:count]
        watched = self.input in self.selector.get_map()
        if self.pending and not watched:
            self.selector.register(self.input, selectors.EVENT_WRITE)
        elif watched and not self.pending:
            self.selector.unregister(self.input)

    def watch(self, descriptor: int) -> None:
        """Lets `step` wake up for another descriptor too (the person's keyboard)."""
        self.selector.register(descriptor, selectors.EVENT_READ)

    def unwatch(self, descriptor: int) -> None:
        """No longer."""
        with contextlib.suppress(KeyError, ValueError):
            self.selector.unregister(descriptor)

    def step(self, seconds: float | None) -> tuple[list[Frame | RawText], list[int], bool]:
        """Waits for something: what the device said, which watched descriptors can be read, whether it still runs."""
        said: list[Frame | RawText] = []
        ready: list[int] = []
        for key, _ in self.selector.select(seconds):
            if key.fd == self.input:
                self.push()
            elif key.fd == self.errors:
                self.complaints += self.take(self.errors)
            elif key.fd == self.output:
                data = self.take(self.output)
                said += self.decoder.feed(data)
                if not self.heard and any(isinstance(item, Frame) for item in said):
                    self.heard = True
                    self.push()
                if not data:
                    return [*said, *self.decoder.flush()], ready, False
            else:
                ready.append(key.fd)
        return said, ready, True

    def take(self, descriptor: int) -> bytes:
        """What can be read now; at the end the descriptor is no longer watched."""
        try:
            data = os.read(descriptor, 65536)
        except OSError:
            data = b""
        if not data:
            self.unwatch(descriptor)
        return data

    def listen(self, seconds: float | None) -> Iterator[Frame | RawText]:
        """Everything the device says until it ends or the time is over (then `TimeoutError`)."""
        deadline = None if seconds is None else time.monotonic() + seconds
        running = True
        while running:
            left = None if deadline is None else deadline - time.monotonic()
            if left is not None and left <= 0:
                raise TimeoutError
            said, _, running = self.step(left)
            yield from said
