"""Kernel and programs made by the second C compiler pass the suite on the emulated machine like those of the first."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from metal.compiler.build import Built, Request, build_program
from motet import rooted as machine
from motet.plan.board import find_board
from tests.emulators import present


@pytest.mark.slow
@pytest.mark.parametrize("board", present("qemu-virt", "qemu-malta"))
def test_the_device_suite_passes_when_another_compiler_made_everything(
    board: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built: list[str] = []

    def build_with_the_other(request: Request, *rest: Any) -> Built:
        found = build_program(replace(request, second_compiler=True), *rest)
        built.append(str(request.entry))
        return found

    monkeypatch.setattr(machine, "build_program", build_with_the_other)
    machine.build.cache_clear()
    cpus = min(2, find_board(board).most_cpus)
    wanted = machine.Machine(board, cpus=cpus, built_for=cpus)
    try:
        run = machine.boot(wanted, "tests.machine.suite.main", tmp_path, seconds=90)
    finally:
        machine.build.cache_clear()
    assert built == ["kernel.main", "tests.machine.suite.main"]
    assert run.status == 0, run.last()
    assert not [line for line in run.lines if line.startswith("failed ")], run.last()
    assert sum(line.startswith("ok ") for line in run.lines) >= 50
