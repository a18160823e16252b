"""Runs the suite on a board, and reads what became of each of its checks."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from motet.certify.evidence import FAILED, NOT_EXECUTED, PASSED, Check, SuiteRun
from motet.certify.inputs import file_sha256
from motet.certify.toolchain import describe_tool, short_version
from motet.plan.board import Board
from motet.rooted import Machine, make_image, run_image

SUITE: Final = "tests.machine.suite.main"
SECONDS: Final = 300

# The suite ends each check with one of these words and the check's name.
RESULTS: Final = {"ok": PASSED, "failed": FAILED, "skipped": NOT_EXECUTED}


@dataclass(frozen=True)
class Suite:
    """The suite built for a board and a number of processors."""

    board: Board
    machine: Machine
    image: Path


def build_suite(board: Board, cpus: int, folder: Path) -> Suite:
    """Builds the suite into a folder of its own in the certificate's."""
    place = folder / "suites" / f"{board.name}-{cpus}"
    place.mkdir(parents=True)
    machine = Machine(board.name, board.memory, cpus, built_for=cpus)
    _, image = make_image(machine, SUITE, place)
    return Suite(board, machine, image)


def run_suite(suite: Suite, folder: Path) -> SuiteRun:
    """Boots a suite, and keeps everything it said beside its image."""
    emulator = suite.board.emulator.program
    path = shutil.which(emulator)
    if path is None:
        evidence, lines = f"{NOT_EXECUTED}: {emulator} is not on this machine", list[str]()
    else:
        evidence = f"emulated, QEMU {short_version(describe_tool(emulator, path))}"
        run = run_image(suite.machine, suite.board, suite.image, SECONDS)
        lines = [*run.lines, f"status {run.status}"]
    log = suite.image.with_name("console.txt")
    log.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return SuiteRun(
        str(suite.machine), suite.board.name, suite.machine.cpus, evidence, suite.image.relative_to(folder).as_posix(),
        file_sha256(suite.image), log.relative_to(folder).as_posix(), ended_well(lines), read_checks(lines),
    )  # fmt: skip


def read_checks(lines: Iterable[str]) -> list[Check]:
    """Each check with its result; the reason stands in the line before."""
    checks: list[Check] = []
    reason = ""
    for line in lines:
        word, _, rest = line.partition(" ")
        if word in ("because:", "skipped:"):
            reason = rest
        elif word in RESULTS and rest:
            checks.append(Check(rest, RESULTS[word], reason if word != "ok" else ""))
            reason = ""
    return checks


def ended_well(lines: Iterable[str]) -> bool:
    """The machine ended by itself, with status 0."""
    return list(lines)[-1:] == ["status 0"]
