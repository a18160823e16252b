"""A device's run as a person sees it: what goes where, what status comes out, and that no emulator is left behind."""

from __future__ import annotations

import json
import os
import sys
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from abi import console
from abi.kernel import Fault
from motet.emulator import Emulator, Settings
from motet.errors import DeviceError, TimedOut, ToolError
from motet.keyboard import Keyboard
from motet.paths import ROOT
from motet.plan.board import Board, find_board
from motet.records import pack
from motet.session import Outlets, Session

Step = dict[str, Any]


@dataclass
class Heard:
    """What came out of a run."""

    output: bytearray = field(default_factory=bytearray)
    log: str = ""
    reports: list[str] = field(default_factory=list[str])

    def add_log(self, text: str) -> None:
        self.log += text


@pytest.fixture
def board(tmp_path: Path) -> Board:
    """A board whose emulator is the stand-in."""
    program = tmp_path / "device"
    program.write_text(
        f'#!/bin/sh\nPYTHONPATH={ROOT}:{ROOT}/host exec {sys.executable} -u {ROOT}/tests/host/device.py "$@"\n'
    )
    program.chmod(0o755)
    board = find_board(None)
    return replace(board, emulator=replace(board.emulator, program=str(program), firmware_speaks=False))


def frame(kind: int, payload: bytes) -> Step:
    return {"kind": kind, "payload": payload.hex()}


def ended(status: int, reason: int = console.EXIT_FINISHED) -> Step:
    return frame(console.EXIT, pack(console.ExitReport(status=status, reason=reason)))


def run(board: Board, tmp_path: Path, *steps: Step, typed: bytes = b"", seconds: float = 20.0) -> tuple[int, Heard]:
    """Runs the steps; gives the status and what was heard."""
    image = tmp_path / "steps"
    image.write_text("\n".join(map(json.dumps, steps)))
    heard = Heard()
    outlets = Outlets(heard.output.extend, heard.add_log, heard.reports.append)
    with Emulator(board, image, Settings(memory=64 << 20)) as emulator:
        session = Session(emulator, [], outlets)
        if typed:
            session.send_input(typed)
        status = session.run(None, seconds)
    assert emulator.process.returncode is not None
    return status, heard


def test_output_log_and_early_text_go_to_their_places(board: Board, tmp_path: Path) -> None:
    status, heard = run(
        board, tmp_path,
        {"raw": "kernel: 128 MiB\n"}, frame(console.APP_OUTPUT, b"hello\n"), frame(console.LOG, b"lamp: ready"),
        frame(console.TERMINAL, b"> "), ended(0),
    )  # fmt: skip
    assert (status, heard.output, heard.log) == (0, b"hello\n> ", "kernel: 128 MiB\nlamp: ready\n")


@pytest.mark.parametrize(
    ("status", "reason", "expected"),
    [(0, console.EXIT_FINISHED, 0), (7, console.EXIT_FINISHED, 7), (255, console.EXIT_FINISHED, 255),
     (0, console.EXIT_REFUSED, 125), (0, console.EXIT_FAULT, 126), (0, console.EXIT_KERNEL, 126)],
)  # fmt: skip
def test_the_last_frame_decides_the_status(
    board: Board, tmp_path: Path, status: int, reason: int, expected: int
) -> None:
    assert run(board, tmp_path, ended(status, reason))[0] == expected


def test_a_device_that_goes_off_silently_is_an_error(board: Board, tmp_path: Path) -> None:
    with pytest.raises(DeviceError, match="without saying how it ended"):
        run(board, tmp_path, {"raw": "hm"})


def test_a_fault_is_drawn_even_without_symbols(board: Board, tmp_path: Path) -> None:
    report = console.FaultReport(program=9, kind=int(Fault.READ), address=0xDEAD, counter=0x400100, addresses=2)
    report.backtrace[1] = 0x400200
    status, heard = run(board, tmp_path, frame(console.FAULT, pack(report)), ended(0, console.EXIT_FAULT))
    assert status == 126
    assert heard.reports == [
        'motet: "program 9" stopped: it read memory that is not its own (0xdead)\n  at 0x400100\n  called from 0x400200'
    ]


def test_input_waits_until_the_console_speaks_and_arrives_whole(board: Board, tmp_path: Path) -> None:
    typed = b"help\n" * 60
    frames = -(-len(typed) // 128)
    status, heard = run(
        board, tmp_path, {"sleep": 0.2}, frame(console.TERMINAL, b""), {"echo": frames, "as": console.APP_OUTPUT},
        ended(0), typed=typed,
    )  # fmt: skip
    assert status == 0
    assert heard.output.replace(bytes([console.INPUT]), b"") == typed


def test_a_device_that_does_not_finish_is_switched_off(board: Board, tmp_path: Path) -> None:
    started = time.monotonic()
    with pytest.raises(TimedOut, match="did not finish within 1 seconds"):
        run(board, tmp_path, {"sleep": 60}, seconds=1.0)
    assert time.monotonic() - started < 10


def test_the_end_of_a_file_on_standard_input_is_told(
    board: Board, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = tmp_path / "typed"
    typed.write_bytes(b"uptime\n")
    steps = [frame(console.TERMINAL, b""), {"echo": 2, "as": console.APP_OUTPUT}, ended(0)]
    image = tmp_path / "steps"
    image.write_text("\n".join(map(json.dumps, steps)))
    heard = Heard()
    with typed.open() as file, Emulator(board, image, Settings(memory=64 << 20)) as emulator:
        monkeypatch.setattr("sys.stdin", file)
        session = Session(emulator, [], Outlets(heard.output.extend, heard.add_log, heard.reports.append))
        assert session.run(Keyboard(raw=True), 20.0) == 0
    assert heard.output == bytes([console.INPUT]) + b"uptime\n" + bytes([console.END_OF_INPUT])


def test_a_missing_emulator_is_named_with_its_cure(board: Board, tmp_path: Path) -> None:
    missing = replace(board, emulator=replace(board.emulator, program="qemu-system-nowhere", package="qemu-system-far"))
    with pytest.raises(ToolError, match="qemu-system-nowhere is not installed\n  apt install qemu-system-far"):
        Emulator(missing, tmp_path, Settings(memory=64 << 20))


def test_no_emulator_is_left_behind_when_the_run_is_broken_off(board: Board, tmp_path: Path) -> None:
    image = tmp_path / "steps"
    image.write_text(json.dumps({"sleep": 60}))
    with pytest.raises(KeyboardInterrupt), Emulator(board, image, Settings(memory=64 << 20)) as emulator:
        raise KeyboardInterrupt
    with pytest.raises(ProcessLookupError):
        os.kill(emulator.process.pid, 0)
