"""The README tells the truth: every path is there, every command exists, and its program does what it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from motet.cli import COMMANDS
from motet.paths import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_path_it_names_is_there() -> None:
    named = set(re.findall(r"`((?:[a-z0-9_.]+/)+[a-z0-9_.]*)`", README)) - {".motet/", "host/motet/"}
    folders = ("", "kernel", "metal", "tests")
    missing = [name for name in named if not any((ROOT / folder / name).exists() for folder in folders)]
    assert not missing


def test_every_command_it_names_exists() -> None:
    named = set(re.findall(r"\./motet ([a-z]+)", README))
    assert named and named <= COMMANDS.keys()
    assert COMMANDS.keys() - named <= {"doctor"} | named


def test_the_seven_files_are_seven() -> None:
    part = README.split("## Seven files to read")[1].split("##")[0]
    assert len(re.findall(r"^\d\. `", part, re.MULTILINE)) == 7


@pytest.mark.slow
def test_its_program_counts_primes_on_a_device(tmp_path: Path) -> None:
    from motet.testing import run_app

    found = re.search(r"## A program\n\n```python\n(.*?)```", README, re.DOTALL)
    assert found is not None
    app = tmp_path / "primes.py"
    app.write_text(found.group(1))
    done = run_app(app)
    assert (done.status, done.output) == (0, "25 primes below 100\n")
