"""The whole tree passes the linter and the strict type checker, so an editor shows a newcomer no false alarm."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.tree import ROOT

TOOLS = Path(sys.executable).parent
ROOMS = ["metal", "abi", "kernel", "loader", "system", "apps", "host", "tests", "benches"]


def run(*command: str) -> subprocess.CompletedProcess[str]:
    """Runs one tool over the tree."""
    program = str(TOOLS / command[0])
    return subprocess.run([program, *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False)


def test_the_linter_has_nothing_to_say() -> None:
    done = run("ruff", "check", "--no-cache", "--output-format", "concise", *ROOMS)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
def test_the_type_checker_has_nothing_to_say() -> None:
    done = run("basedpyright", "--level", "error")
    assert done.returncode == 0, done.stdout + done.stderr
