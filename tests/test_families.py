"""A processor family is added and removed by its own files alone."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tree import ROOT, ports

# What runs in a tree without a family: the tests that look at the whole tree, and those of boards and images.
SHAPE = (
    "tests/test_layers.py", "tests/test_portable.py", "tests/test_sizes.py", "tests/host/test_plan.py",
    "tests/host/test_bundle.py", "tests/machine/test_layout.py", "tests/kernel/test_calls.py",
)  # fmt: skip
SHARED = (
    ".ci", ".vscode", "abi", "apps", "benches", "boards", "docs", "host", "images", "kernel", "loader", "metal",
    "system", "tests",
)  # fmt: skip
FILES = ("motet", "layers.toml", "pyproject.toml", "README.md", "LICENSE")
# Types are checked once, in the tree itself. The README names the first family's files: it is written anew without it.
QUICK = (
    "-m", "not slow and not all", "-n", "2", "--deselect", "tests/test_style.py",
    "--deselect", "tests/host/test_readme.py::test_every_path_it_names_is_there",
)  # fmt: skip


def copied_tree(folder: Path) -> Path:
    """A copy of the tree, with the state that makes the commands run."""
    for name in SHARED:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in FILES:
        shutil.copy(ROOT / name, folder / name)
    (folder / ".motet").mkdir()
    (folder / ".motet" / "venv").symlink_to(ROOT / ".motet" / "venv")
    for mark in (ROOT / ".motet").glob("ready-*"):
        shutil.copy(mark, folder / ".motet" / mark.name)
    return folder


def run_tests(tree: Path, *arguments: str, seconds: float) -> None:
    """Runs pytest in a tree, which it takes everything from; what it says is the message when a test fails there."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *arguments]
    done = subprocess.run(
        command, cwd=tree, capture_output=True, text=True, timeout=seconds, check=False,
        env={"PYTHONPATH": f"{tree}:{tree / 'host'}", "PATH": "/usr/bin:/bin:/usr/sbin", "HOME": str(tree)},
    )  # fmt: skip
    assert done.returncode == 0, (done.stdout + done.stderr)[-6000:]


def remove(tree: Path, family: str) -> None:
    """Deletes a family's own files, what only it uses, and the families that stand on it."""
    for other in sorted((tree / "kernel" / "arch").glob("*/link.py")):
        if other.parent.name != family and f"kernel.arch.{family}." in other.read_text():
            remove(tree, other.parent.name)
    constants = (tree / "kernel" / "arch" / family / "link.py").read_text()
    chips = re.search(r'CHIPS: Final = "kernel\.chips\.(\w+)"', constants)
    assert chips is not None
    shutil.rmtree(tree / "kernel" / "arch" / family)
    shutil.rmtree(tree / "kernel" / "chips" / chips[1])
    for folder in ("metal/targets", "tests/machine/probes", "benches/kernel/probes"):
        (tree / folder / f"{family}.py").unlink(missing_ok=True)
        shutil.rmtree(tree / folder / family, ignore_errors=True)
    (tree / "tests" / "compiler" / f"test_{family}.py").unlink(missing_ok=True)
    mine = re.compile(rf'^target = "{family}"$', re.MULTILINE)
    boards = sorted((tree / "boards").glob("*.toml"))
    gone = {board.stem for board in boards if mine.search(board.read_text())}
    for board in boards:
        extends = re.search(r'^extends = "(.*)"$', board.read_text(), re.MULTILINE)
        if board.stem in gone or (extends is not None and extends[1] in gone):
            board.unlink()


@pytest.mark.all
@pytest.mark.parametrize("family", ports())
def test_without_a_family_the_rest_keeps_its_shape(family: str, tmp_path: Path) -> None:
    tree = copied_tree(tmp_path / "tree")
    remove(tree, family)
    run_tests(tree, *SHAPE, seconds=300)


@pytest.mark.all
@pytest.mark.parametrize("family", ports())
def test_without_a_family_the_rest_passes_its_quick_tests(family: str, tmp_path: Path) -> None:
    tree = copied_tree(tmp_path / "tree")
    remove(tree, family)
    run_tests(tree, *QUICK, "tests", seconds=1200)


def renamed(path: Path) -> str:
    """A file of the pretend machine, or about it, under the toy's name."""
    return (
        path.read_text().replace("kernel.arch.host", "kernel.arch.toy").replace("kernel.chips.host", "kernel.chips.toy")
    )


def test_a_family_is_added_by_its_own_folders_and_target_record(tmp_path: Path) -> None:
    # The toy is the pretend machine under another name: the kernel's own tests must pass on it as on the first.
    tree = copied_tree(tmp_path / "tree")
    arch, chips, targets = tree / "kernel" / "arch", tree / "kernel" / "chips", tree / "metal" / "targets"
    (arch / "toy").mkdir()
    for path in sorted((arch / "host").glob("*.py")):
        (arch / "toy" / path.name).write_text(renamed(path).replace('NAME: Final = "host"', 'NAME: Final = "toy"'))
    (chips / "toy.py").write_text(renamed(chips / "host.py"))
    (targets / "toy.py").write_text((targets / "host.py").read_text().replace('name="host"', 'name="toy"'))
    run_tests(tree, "tests/test_layers.py", "tests/test_portable.py", "tests/test_sizes.py", seconds=300)
    # The first one is not needed any more, and the tests look at the toy instead.
    shutil.rmtree(arch / "host")
    (chips / "host.py").unlink()
    for path in sorted((tree / "tests" / "kernel").glob("*.py")):
        path.write_text(renamed(path))
    for path in (arch / "chosen.py", chips / "chosen.py"):
        path.write_text(renamed(path))
    machine = tree / "tests" / "kernel" / "machine.py"
    request = 'host_request(HERE / "pretend.py", options=options, roots=roots)'
    assert request in machine.read_text()
    other = f'replace({request}, target=target_named("toy"))'
    imports = "from dataclasses import replace\nfrom metal.targets import target_named\n"
    text = machine.read_text().replace(request, other).replace("import ctypes\n", f"import ctypes\n{imports}")
    machine.write_text(text)
    run_tests(tree, "tests/kernel/test_calls.py", seconds=300)
