"""`motet test`: the tests of the tree, or of an app."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click

from motet.errors import MotetError
from motet.paths import ROOT, shown


@click.command(short_help="run the tests, of the tree or of an app")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]...")
@click.option("--quick", is_flag=True, help="Only what answers within a minute.")
@click.option("--all", "everything", is_flag=True, help="Also what takes long: every seed, every mutation.")
@click.option("-k", "words", metavar="WORDS", help="Only tests whose names match these words.")
@click.option("-x", "stop", is_flag=True, help="Stop at the first failure.")
@click.option(
    "--jobs", type=click.IntRange(0, 64), help="Tests at a time; default: one for each processor. 0: in one process."
)
def command(
    paths: tuple[Path, ...], quick: bool, everything: bool, words: str | None, stop: bool, jobs: int | None
) -> int:
    """Runs the tests of the tree, or those in PATH (a test file, a folder, an app's folder)."""
    if quick and everything:
        raise click.UsageError("--quick and --all exclude each other")
    arguments = [sys.executable, "-P", "-m", "pytest", "--quiet"]
    arguments += ["-m", "not slow and not all"] if quick else [] if everything else ["-m", "not all"]
    arguments += ["-k", words] if words else []
    arguments += ["-x"] if stop else []
    count = jobs if jobs is not None else default_jobs(paths)
    arguments += ["-n", str(count), "--dist", "loadfile"] if count > 1 else []
    inside = all(path.resolve().is_relative_to(ROOT) for path in paths)
    for path in paths:
        if not Path(str(path).split("::")[0]).exists():
            raise MotetError(f"there is no {shown(path)} to test")
    if inside:
        # In the tree, its own settings hold wherever the command was called.
        arguments += ["--rootdir", str(ROOT), "-c", str(ROOT / "pyproject.toml")]
        arguments += [str(path.resolve()) for path in paths] or [str(ROOT / "tests")]
    else:
        arguments += ["-p", "no:cacheprovider", *map(str, paths)]
    return subprocess.run(arguments, check=False, cwd=ROOT if inside else None).returncode


def default_jobs(paths: tuple[Path, ...]) -> int:
    """One for each processor this process may use; a single file is faster in one process."""
    if len(paths) == 1 and paths[0].suffix == ".py":
        return 0
    return len(os.sched_getaffinity(0))
