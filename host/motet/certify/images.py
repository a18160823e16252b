"""Builds the system of a board twice, here and in a copy of the tree elsewhere, and says what went into it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from motet.certify.evidence import ImageEvidence, share_of
from motet.certify.inputs import file_sha256
from motet.certify.sources import read_sources
from motet.choice import Choice, choose
from motet.errors import MotetError
from motet.launch import lay_out
from motet.plan.board import Board

SYSTEM: Final = "shell"
SECONDS: Final = 900


def build_system(board: Board, elsewhere: Path, folder: Path) -> ImageEvidence:
    """The image of the whole system; `elsewhere` is a copy of the tree that nothing was built in."""
    file = f"images/{board.target}.img"
    place = folder / file
    place.parent.mkdir(parents=True, exist_ok=True)
    laid = lay_out(*choose(Choice(SYSTEM, board=board.name)))
    shutil.copyfile(laid.file, place)
    sources = read_sources(laid.programs)
    return ImageEvidence(
        name=board.target,
        file=file,
        bytes=place.stat().st_size,
        sha256=file_sha256(place),
        rebuilt_sha256=file_sha256(rebuild(board, elsewhere)),
        sources=sources,
        family_share=share_of(sources, ("family",)),
        kernel_share=share_of([source for source in sources if source.kernel], ("family", "chips")),
    )


def rebuild(board: Board, tree: Path) -> Path:
    """The same image, made by the copy's own code in the copy's own cache, for a user of another name."""
    output = tree / "build" / board.name
    command = [sys.executable, "-P", "-m", "motet", "build", SYSTEM, "--on", board.name, "-o", str(output)]
    environment = {
        **os.environ, "PYTHONPATH": f"{tree}:{tree / 'host'}", "USER": "somebody", "LOGNAME": "somebody",
        "HOME": str(tree), "TZ": "Pacific/Apia", "PYTHONPYCACHEPREFIX": str(tree / ".pycache"),
    }  # fmt: skip
    done = subprocess.run(
        command, cwd=tree, env=environment, capture_output=True, text=True, errors="replace", timeout=SECONDS,
        check=False,
    )  # fmt: skip
    if done.returncode != 0:
        raise MotetError(f"the copy of the tree does not build for {board.name}:\n{done.stderr.strip()}")
    return output / "motet.img"
