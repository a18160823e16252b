"""The programs the compiler calls: where they are, which version, and what to say when one is missing or fails."""

from __future__ import annotations

import shutil
import subprocess
from functools import lru_cache
from pathlib import Path


class BuildError(Exception):
    """A build that could not be done for a reason outside the user's source; its text is meant for a person."""


def _package(name: str) -> str:
    """The Debian package of a tool, where it is not the tool's own name."""
    if name.endswith("-gcc"):
        return "gcc-" + name.removesuffix("-gcc")
    return name.removeprefix("ld.")


@lru_cache(maxsize=64)
def find_tool(name: str) -> Path:
    """Where a tool is; `BuildError` with the cure when it is not there."""
    found = shutil.which(name)
    if found is None:
        cure = f"install it with `apt install {_package(name)}`, or run `motet doctor`"
        raise BuildError(f"{name} is not installed: {cure}")
    return Path(found)


@lru_cache(maxsize=64)
def tool_stamp(name: str) -> str:
    """What tells one version of a tool from another, without running it."""
    path = find_tool(name).resolve()
    state = path.stat()
    return f"{path}:{state.st_size}:{state.st_mtime_ns}"


def run_tool(name: str, *arguments: str | Path, folder: Path | None = None, seconds: float = 300) -> str:
    """Run a tool to its end and return what it wrote; `BuildError` with that text when it fails."""
    command = [str(find_tool(name)), *map(str, arguments)]
    try:
        done = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, errors="replace", timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired:
        raise BuildError(f"{name} did not finish within {seconds:.0f} seconds") from None
    if done.returncode != 0:
        raise BuildError(f"{name} failed with status {done.returncode}:\n{(done.stderr or done.stdout).strip()}")
    return done.stdout + done.stderr
