"""basedpyright in strict mode and mypy accept what metalc accepts: the editor never refuses a good program."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.language.reading import HERE, ROOT, accepted_pages

pytestmark = pytest.mark.slow

TREE = [
    path
    for room in ("metal/library", "abi", "kernel", "loader", "system", "apps")
    for path in sorted((ROOT / room).rglob("*.py"))
]


def test_basedpyright_accepts_every_accepted_page(tmp_path: Path) -> None:
    settings = {
        "pythonVersion": "3.11",
        "typeCheckingMode": "strict",
        "extraPaths": [str(ROOT), str(HERE)],
        "include": [str(page.path) for page in accepted_pages()],
    }
    (tmp_path / "pyrightconfig.json").write_text(json.dumps(settings))
    done = subprocess.run(
        [sys.executable, "-m", "basedpyright", "-p", str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=300,
        cwd=HERE,
    )
    assert done.returncode == 0, done.stdout[-6000:]


def test_basedpyright_accepts_the_tree() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "basedpyright", *[str(path) for path in TREE]],
        capture_output=True,
        text=True,
        timeout=300,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stdout[-6000:]


# A foreign function's declaration has no body, which mypy expects of stub files only; memory at an address is `Any`.
MYPY = ["--strict", "--explicit-package-bases", "--disable-error-code=empty-body", "--disable-error-code=no-any-return"]
# mypy gives an IntEnum no way to say that it takes a number of fixed width; see docs/limits.md.
UNSAYABLE = re.compile(r'Argument 1 to "\w+" has incompatible type "[UI]\d+ \| int"; expected "int"  \[arg-type\]$')


def test_mypy_accepts_every_accepted_page() -> None:
    run_mypy([page.path for page in accepted_pages()], f"{ROOT}:{HERE}", "pages")


def test_mypy_accepts_the_tree() -> None:
    run_mypy(TREE, f"{ROOT}:{ROOT / 'host'}", "tree")


def run_mypy(paths: list[Path], search: str, cache: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "mypy", *MYPY, f"--cache-dir={ROOT}/.motet/cache/mypy-{cache}", *map(str, paths)],
        capture_output=True,
        text=True,
        timeout=600,
        cwd=HERE,
        env={"MYPYPATH": search, "PATH": "/usr/bin:/bin"},
    )
    found = [line for line in done.stdout.splitlines() if ": error: " in line and not UNSAYABLE.search(line)]
    assert not found and done.returncode < 2, done.stdout[-6000:]
