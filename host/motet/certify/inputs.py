"""The input of all builds: every file of the tree that a build may read, under one digest."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from motet.certify.evidence import Input

# What builds and the suite read: the compiler, the sources, boards and images, the host's own tools, their locks.
PARTS: Final = (
    "abi", "apps", "boards", "host", "images", "kernel", "loader", "metal", "system", "tests/machine", "benches/kernel",
    "motet", "layers.toml", "pyproject.toml",
)  # fmt: skip


def input_files(root: Path) -> Iterator[Path]:
    """The files, in the order of their names."""
    for part in sorted(PARTS):
        start = root / part
        yield from [start] if start.is_file() else sorted(filter(is_source, start.rglob("*")))


def is_source(path: Path) -> bool:
    """A file that a person wrote, not one that Python left beside it."""
    return path.is_file() and "__pycache__" not in path.parts


def measure_input(root: Path) -> Input:
    """The digest over each file's name and content; it names no folder outside the tree."""
    total, files, size = hashlib.sha256(), 0, 0
    for path in input_files(root):
        content = path.read_bytes()
        total.update(f"{path.relative_to(root).as_posix()}\0{hashlib.sha256(content).hexdigest()}\n".encode())
        files += 1
        size += len(content)
    return Input(total.hexdigest(), files, size)


def copy_input(root: Path, folder: Path) -> None:
    """The same files in another folder, with new times."""
    for path in input_files(root):
        place = folder / path.relative_to(root)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, place)
        shutil.copymode(path, place)


def file_sha256(path: Path) -> str:
    """A file's digest, as hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
