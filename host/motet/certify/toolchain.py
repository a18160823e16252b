"""The programs that took part in a certificate: their versions and the digests of their files."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

from motet.certify.evidence import Tool
from motet.certify.inputs import file_sha256


def describe_tools(programs: Iterable[str]) -> list[Tool]:
    """Each program once, in the order of their names; one that is not there is left out."""
    return [describe_tool(name, found) for name in sorted(set(programs)) if (found := shutil.which(name)) is not None]


def describe_tool(name: str, path: str) -> Tool:
    """One program, as it speaks of itself."""
    told = subprocess.run(
        [path, "--version"], capture_output=True, text=True, errors="replace", timeout=30, check=False
    )
    lines = (told.stdout or told.stderr).strip().splitlines()
    return Tool(name, lines[0] if lines else "unknown", file_sha256(Path(path).resolve()))


def short_version(tool: Tool) -> str:
    """The first number of a version's line."""
    found = re.search(r"\d+(\.\d+)+", tool.version)
    return found.group() if found else tool.version


def locked_packages(lock: Path) -> dict[str, str]:
    """The Python packages of a lock: names and versions."""
    return dict(re.findall(r"^([A-Za-z0-9_.-]+)==([^\s\\;]+)", lock.read_text(encoding="utf-8"), re.MULTILINE))
