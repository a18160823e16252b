"""Kernel and programs made by the second C compiler pass the suite on the emulated machine like those of the first."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from metal.compiler.build import Built, Request, build_program
from motet import rooted as machine


@pytest.mark.slow
def test_the_device_suite_passes_when_another_compiler_made_everything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built: list[str] = []

    def build_with_the_other(request: Request, *rest: Any) -> Built:
        found = build_program(replace(request, second_compiler=True), *rest)
        built.append(str(request.entry))
        return found

    monkeypatch.setattr(machine, "build_program", build_with_the_other)
    machine.build.cache_clear()
    try:
        run = machine.boot(machine.Machine(cpus=2, built_for=2), "tests.machine.suite.main", tmp_path, seconds=90)
    finally:
        machine.build.cache_clear()
    assert built == ["kernel.main", "tests.machine.suite.main"]
    assert run.status == 0, run.last()
    assert not [line for line in run.lines if line.startswith("failed ")], run.last()
    assert sum(line.startswith("ok ") for line in run.lines) >= 50
