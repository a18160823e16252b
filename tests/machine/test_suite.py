"""The suite program passes on every machine that this tree can boot, with the same names and the same results."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from motet.certify.evidence import NOT_EXECUTED
from motet.certify.suites import read_checks
from motet.plan.board import all_boards, family_boards, find_board
from motet.rooted import Machine, Run, boot
from tests.emulators import need_emulator

SUITE = "tests.machine.suite.main"
SMALL = 64 << 20


def machines() -> Iterator[Any]:
    """Every board in every number of processors, and its family's first board in all sizes of memory."""
    first = {board.name for board in family_boards()}
    for board in all_boards():
        usual = () if board.name in first else (pytest.mark.slow,)
        small = max(board.least_memory, SMALL)
        yield machine(Machine(board.name, small), "one-cpu", *usual)
        if board.most_cpus > 1:
            yield machine(Machine(board.name, cpus=2, built_for=2, memory=board.memory), "two-cpus", *usual)
            yield machine(
                Machine(board.name, cpus=1, built_for=2, memory=board.memory), "one-cpu-of-two", pytest.mark.all
            )
        if board.name in first:
            cpus = min(2, board.most_cpus)
            large = Machine(board.name, board.most_memory, cpus, built_for=cpus)
            yield machine(large, "most-memory", pytest.mark.all)


def machine(wanted: Machine, name: str, *marks: pytest.MarkDecorator) -> Any:
    """A machine as a parameter, named by its board and by what is special."""
    return pytest.param(wanted, id=f"{find_board(wanted.board).target}-{wanted.board}-{name}", marks=marks)


def named(run: Run, result: str) -> list[str]:
    """The names of the checks with this result."""
    return [line.removeprefix(result + " ") for line in run.lines if line.startswith(result + " ")]


def summary(run: Run) -> str:
    """The last thing the suite says."""
    found = [line for line in run.lines if line.startswith("suite: ")]
    assert found, run.last()
    return found[-1]


@pytest.mark.parametrize("machine", list(machines()))
def test_the_suite_passes(machine: Machine, tmp_path: Path) -> None:
    need_emulator(machine.board)
    run = boot(machine, SUITE, tmp_path, seconds=90)
    assert not named(run, "failed"), run.last()
    told = summary(run)
    assert f", {machine.cpus} CPUs" in told, told
    passed, skipped = named(run, "ok"), named(run, "skipped")
    assert len(passed) + len(skipped) >= 50, run.last()
    assert len(set(passed)) == len(passed)
    waived = {waiver.check for waiver in find_board(machine.board).waivers}
    absent = [check for check in read_checks(run.lines) if check.result == NOT_EXECUTED]
    assert waived <= {check.name for check in absent}, "a board waives what it can do"
    for check in absent:
        assert check.name in waived or (machine.cpus == 1 and check.reason == "there is one CPU"), run.last()
    assert run.status == 0, run.last()


@pytest.mark.slow
def test_the_suite_ends_without_semihosting(tmp_path: Path) -> None:
    # Without a debugger the machine is powered off by firmware, which cannot tell a status.
    run = boot(Machine(extra=("-semihosting-config", "enable=off")), SUITE, tmp_path, seconds=90)
    assert not named(run, "failed"), run.last()
    assert run.status == 0, run.last()
