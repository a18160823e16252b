"""Each planted bug is seen."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.kernel.bugs import BUGS, Bug
from tests.kernel.machine import CHANGED

ROOT = Path(__file__).resolve().parents[2]


def detect(folder: Path | None) -> subprocess.CompletedProcess[str]:
    """The shortened tests on a kernel with changed files."""
    environment = {**os.environ, **({CHANGED: str(folder)} if folder else {})}
    environment["PYTHONPATH"] = f"{ROOT}:{ROOT / 'host'}"
    return subprocess.run(
        [sys.executable, "-m", "tests.kernel.detect"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_the_kernel_as_it_is_passes() -> None:
    seen = detect(None)
    assert seen.returncode == 0, seen.stderr[-2000:]


@pytest.mark.slow
@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_a_planted_bug_is_seen(bug: Bug, tmp_path: Path) -> None:
    source = (ROOT / "kernel" / bug.file).read_text()
    assert source.count(bug.old) == 1, f"{bug.file} has the text of this bug {source.count(bug.old)} times"
    changed = tmp_path / "kernel" / bug.file
    changed.parent.mkdir(parents=True)
    changed.write_text(source.replace(bug.old, bug.new))
    seen = detect(tmp_path)
    assert seen.returncode != 0, "no test noticed"
    noticed = seen.returncode < 0 or any(word in seen.stderr for word in ("Trap:", "AssertionError"))
    assert noticed, seen.stderr[-2000:]
