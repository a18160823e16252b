"""Programs full of references: what the compiler accepts means what it means to CPython, where nothing ever dangles."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from metal.compiler.diagnostics import Diagnostics
from metal.compiler.ir import Program
from tests.language.graphs import CASES, graphs
from tests.language.reading import ROOT
from tests.language.running import WORK, Configuration, Outcome
from tests.language.test_random import OPTIONS, draw_programs, front_end, interpreted, native, same

CONFIGURATIONS = [Configuration("clang-19", "2", sanitize=True), Configuration("gcc", "0", sanitize=True)]
A_BATCH = 40
ESCAPES = {"M210", "M211", "M212", "M213"}

RUN = """
import contextlib, importlib, io, sys
for name in sys.argv[1:]:
    module = importlib.import_module(name)
    for case in range({cases}):
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            getattr(module, f"case_{{case}}")()
        print(printed.getvalue().replace("\\n", "|"))
"""


def by_cpython(texts: list[str]) -> list[list[Outcome]]:
    """What CPython prints for each case of each program."""
    folder = WORK / "graphs" / hashlib.sha256("\0".join(texts).encode()).hexdigest()[:16]
    folder.mkdir(parents=True, exist_ok=True)
    names = [f"graph_{number}" for number in range(len(texts))]
    for name, text in zip(names, texts, strict=True):
        Path(folder / f"{name}.py").write_text(text)
    done = subprocess.run(
        [sys.executable, "-c", RUN.format(cases=CASES), *names],
        capture_output=True,
        text=True,
        timeout=300,
        cwd=folder,
        env={"PYTHONPATH": f"{ROOT}:{folder}", "PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert done.returncode == 0, done.stderr[-3000:]
    printed = [Outcome(output=line.replace("|", "\n")) for line in done.stdout.splitlines()]
    assert len(printed) == len(texts) * CASES
    return [printed[start : start + CASES] for start in range(0, len(printed), CASES)]


def compare(count: int, from_seed: int) -> None:
    accepted: list[str] = []
    by_interpreter: list[list[Outcome]] = []
    refusals: Counter[str] = Counter()
    for text in draw_programs(count, from_seed, graphs()):
        program = front_end(text)
        if isinstance(program, Diagnostics):
            refusals.update({found.code for found in program.found})
            continue
        accepted.append(text)
        by_interpreter.append(interpreted(program, CASES))
    for start in range(0, len(accepted), A_BATCH):
        some = accepted[start : start + A_BATCH]
        wanted = by_cpython(some)
        for text, expected, found in zip(some, wanted, by_interpreter[start:], strict=False):
            assert same(expected, found), f"CPython prints {expected}, the interpreter {found}\n{text}"
        for configuration in CONFIGURATIONS:
            for text, expected, found in zip(some, wanted, native(some, configuration, CASES), strict=True):
                assert same(expected, found), f"CPython prints {expected}, {configuration} {found}\n{text}"
    # Both sides must be there: programs that are refused for what they keep, and many that are safe.
    assert len(accepted) > count // 10
    assert refusals.keys() & ESCAPES


@pytest.mark.slow
def test_sixty_graphs() -> None:
    compare(60, from_seed=1)


@pytest.mark.all
@pytest.mark.parametrize("part", range(5))
def test_two_hundred_more_graphs(part: int) -> None:
    compare(200, from_seed=300 + part)


@pytest.mark.all
@pytest.mark.parametrize("check", ["escape", "remade"])
def test_without_its_checks_the_compiler_is_caught(check: str) -> None:
    options = replace(OPTIONS, skip_checks=frozenset({check}))
    accepted = [text for text in draw_programs(300, 8, graphs()) if isinstance(front_end(text, options), Program)]
    found: list[list[Outcome]] = []
    for start in range(0, len(accepted), A_BATCH):
        found += native(accepted[start : start + A_BATCH], CONFIGURATIONS[0], CASES, options)
    assert any(not same(one, other) for one, other in zip(by_cpython(accepted), found, strict=True))
