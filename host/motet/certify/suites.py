"""Runs the suite on a board, and reads what became of each of its checks."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from motet.certify.evidence import FAILED, NOT_EXECUTED, PASSED, Check, SuiteRun
from motet.certify.inputs import file_sha256
from motet.certify.toolchain import describe_tool, short_version
from motet.plan.board import Board
from motet.rooted import Machine, make_image, run_image

SUITE: Final = "tests.machine.suite.main"
MEMORY: Final = 128 << 20
SECONDS: Final = 300

# The suite ends each check with one of these words and the check's name.
RESULTS: Final = {"ok": PASSED, "failed": FAILED, "skipped": NOT_EXECUTED}


def run_suite(board: Board, cpus: int, folder: Path) -> SuiteRun:
    """Builds the suite for a board, boots it, and keeps its image and everything it said."""
    name = f"{board.name}-{cpus}"
    machine = Machine(board.name, MEMORY, cpus, built_for=cpus)
    (folder / "suites" / name).mkdir(parents=True)
    _, built = make_image(machine, SUITE, folder / "suites" / name)
    image, log = built.relative_to(folder).as_posix(), f"suites/{name}/console.txt"
    path = shutil.which(board.emulator.program)
    if path is None:
        evidence, lines = f"{NOT_EXECUTED}: {board.emulator.program} is not on this machine", list[str]()
    else:
        evidence = f"emulated, QEMU {short_version(describe_tool(board.emulator.program, path))}"
        run = run_image(machine, board, built, SECONDS)
        lines = [*run.lines, f"status {run.status}"]
    (folder / log).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return SuiteRun(str(machine), cpus, evidence, image, file_sha256(built), log, read_checks(lines))


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
