"""gdb on the emulated device: it stops on the line of Python and shows Python's names and values."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from textwrap import dedent

import pytest

from motet.paths import ROOT


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("gdb-multiarch") is None, reason="no gdb-multiarch: ./motet test installs it")
def test_gdb_stops_on_a_line_of_python_and_shows_its_names(tmp_path: Path) -> None:
    (tmp_path / "sums.py").write_text(
        dedent(
            """\
            from metal import noinline, u64


            @noinline
            def total(limit: u64) -> u64:
                result: u64 = 0
                for number in range(1, limit + 1):
                    result += number
                return result


            def main() -> None:
                print(f"{total(10)}")
            """
        )
    )
    done = subprocess.run(
        [ROOT / "motet", "debug", "sums.py", "--do", "hbreak sums.py:9", "--do", "continue", "--do", "info args",
         "--do", "print result", "--do", "backtrace 2"],
        cwd=tmp_path, capture_output=True, text=True, check=False, timeout=300, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert "sums.py:9" in done.stdout, done.stdout + done.stderr
    assert "limit = 10" in done.stdout
    assert "$1 = 55" in done.stdout
    assert "sums.py:13" in done.stdout
