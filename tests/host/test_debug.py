"""gdb on the emulated device: it stops on the line of Python and shows Python's names and values."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from motet.paths import ROOT

PROGRAM = """\
from metal import noinline, u64


@noinline
def total(limit: u64) -> u64:
    result: u64 = 0
    for number in range(1, limit + 1):
        result += number
    return result


def main() -> None:
    \"\"\"Where it starts.\"\"\"
    print(f"{total(10)}")
"""

needs_gdb = pytest.mark.skipif(shutil.which("gdb-multiarch") is None, reason="no gdb: ./motet test installs it")


def debug(folder: Path, *options: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    """Debugs the program; `typed` is what a person types at gdb's prompt."""
    (folder / "sums.py").write_text(PROGRAM)
    return subprocess.run(
        [ROOT / "motet", "debug", "sums.py", *options],
        cwd=folder, input=typed, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip


@needs_gdb
@pytest.mark.slow
def test_gdb_stops_on_a_line_of_python_and_shows_its_names(tmp_path: Path) -> None:
    commands = ("hbreak sums.py:9", "continue", "info args", "print result", "backtrace 2")
    done = debug(tmp_path, *(word for command in commands for word in ("--do", command)))
    assert "sums.py:9" in done.stdout, done.stdout + done.stderr
    assert "limit = 10" in done.stdout
    assert "$1 = 55" in done.stdout
    assert "sums.py:14" in done.stdout


@needs_gdb
@pytest.mark.slow
def test_a_person_starts_at_the_first_line_of_main(tmp_path: Path) -> None:
    done = debug(tmp_path, typed="continue\nquit\n")
    assert '14\t    print(f"{total(10)}")' in done.stdout, done.stdout + done.stderr
    assert "55\n" in done.stdout
    assert "exited normally" in done.stdout
