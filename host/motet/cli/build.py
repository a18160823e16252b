"""`motet build`: compiles and lays out an image, and leaves everything in a folder."""

from __future__ import annotations

import shutil
from pathlib import Path

import click

from motet.cli.options import device_options, output_folder


@click.command(short_help="compile and lay out an image without running it")
@click.argument("what", required=False, metavar="[APP.py | IMAGE.toml]")
@device_options
@output_folder
def command(what: str | None, board: str | None, memory: str | None, cpus: int | None, output: Path) -> int:
    """Compiles an app or an image for a board and writes the bootable file, each program's ELF file and its C."""
    from motet.choice import Choice, choose

    chosen = choose(Choice(what, board=board, memory=memory, cpus=cpus))

    from motet.launch import lay_out
    from motet.paths import shown
    from motet.programs import KERNEL

    laid = lay_out(*chosen)
    output.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(laid.file, output / "motet.img")
    for name, built in {KERNEL: laid.programs.kernel, **laid.programs.programs}.items():
        shutil.copyfile(built.program, output / f"{name}.elf")
        shutil.copyfile(built.source, output / f"{name}.c")
    size = (output / "motet.img").stat().st_size
    programs = f"the kernel and {len(laid.symbols)} programs"
    print(f"{shown(output / 'motet.img')}: {size:,} bytes for {laid.board.name}, {programs}")
    return 0
