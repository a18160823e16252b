"""From a choice on the command line to a bootable file: builds the programs and lays out the image."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from metal.targets import target_named
from motet.bundle import write_bundle
from motet.choice import SHELL_PROGRAM
from motet.image import make_image
from motet.paths import CACHE
from motet.plan.board import Board
from motet.plan.image import Image
from motet.programs import Programs, build_image

KEPT_IMAGES: Final = 20


@dataclass(frozen=True)
class Laid:
    """An image ready to boot."""

    board: Board
    image: Image
    programs: Programs
    file: Path
    cpus: int

    @property
    def symbols(self) -> list[tuple[str, Path]]:
        """Names and ELF files in the bundle's order."""
        return [(program.name, self.programs.programs[program.name].program) for program in self.image.programs]

    @property
    def folders(self) -> tuple[Path, ...]:
        """Where sources that a fault report names may lie."""
        return tuple(dict.fromkeys(program.file.resolve().parent for program in self.image.programs))

    @property
    def interactive(self) -> bool:
        """Whether a person edits lines on the device."""
        return self.image.program(SHELL_PROGRAM) is not None


def lay_out(board: Board, image: Image, cpus: int, debugged: str | None = None) -> Laid:
    """Everything up to the bootable file, named by its content; `debugged` names a program to be stepped through."""
    programs = build_image(image, board, cpus, debugged)
    executables = {name: built.program for name, built in programs.programs.items()}
    bundle = write_bundle(image, executables, target_named(board.target).page_bytes)
    data = make_image(programs.kernel.program, bundle, programs.layout, board.image_format)
    folder = CACHE / "images"
    folder.mkdir(parents=True, exist_ok=True)
    # Named by content: two runs at once never change the file under each other.
    file = folder / f"{image.name}-{hashlib.sha256(data).hexdigest()[:16]}.img"
    if not file.exists():
        temporary = file.with_suffix(f".{os.getpid()}")
        temporary.write_bytes(data)
        temporary.replace(file)
        forget_old_images(folder)
    return Laid(board, image, programs, file, cpus)


def forget_old_images(folder: Path) -> None:
    """Keeps the newest images only."""
    images = sorted(folder.glob("*.img"), key=lambda path: path.stat().st_mtime, reverse=True)
    for image in images[KEPT_IMAGES:]:
        image.unlink(missing_ok=True)
