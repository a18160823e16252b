"""Programs are compiled side by side, and one after another where a machine does not allow that."""

from __future__ import annotations

from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pytest

from metal.compiler.build import Request
from metal.targets import target_named
from motet import programs


@pytest.mark.parametrize(
    ("problem", "told"),
    [(PermissionError(13, "Permission denied"), "is /dev/shm writable?"), (BrokenProcessPool(), "out of memory?")],
)
def test_without_processes_that_share_work_every_program_is_still_compiled(
    problem: Exception, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise problem

    requests: dict[str, Request] = {}
    for name in ("one", "two"):
        (tmp_path / f"{name}.py").write_text("def main() -> None:\n    return 1\n")
        requests[name] = Request(entry=name, roots=(tmp_path,), target=target_named("host"))
    monkeypatch.setattr(programs, "ProcessPoolExecutor", refuse)
    results = programs.compile_side_by_side(requests)
    assert [(name, isinstance(result, list) and len(result)) for name, result in results] == [("one", 1), ("two", 1)]
    said = capsys.readouterr().err
    assert "compiling one program at a time" in said and told in said
