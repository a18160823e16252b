"""`motet run`: boots an emulated device with its shell, or with a person's own app."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from motet.cli.options import device_options
from motet.paths import STATE, shown
from motet.plan.board import Board


@click.command(short_help="boot an emulated device: its shell, or your app")
@click.argument("what", required=False, metavar="[APP.py | IMAGE.toml]")
@click.argument("arguments", nargs=-1)
@device_options
@click.option(
    "--exec", "lines", multiple=True, metavar="LINE", help="Give the shell this line, then power off. Repeatable."
)
@click.option(
    "--timeout", type=click.FloatRange(min=0.1), metavar="SECONDS", help="Switch the device off after this time."
)
@click.option(
    "--disk",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="DISK",
    help="Let firmware boot this disk, which motet image -o made of the same image.",
)
@click.option("--trap-log", is_flag=True, help="Keep a log of every interrupt and fault the emulator saw.")
def command(
    what: str | None, arguments: tuple[str, ...], board: str | None, memory: str | None, cpus: int | None,
    lines: tuple[str, ...], timeout: float | None, disk: Path | None, trap_log: bool,
) -> int:  # fmt: skip
    """Boots an emulated device: its shell, or your app.

    ARGUMENTS are handed to the app; those that begin with "-" stand behind "--". The exit status is the app's own,
    125 when it does not compile or the image is wrong, 126 when it faulted.
    """
    from motet.choice import Choice, choose

    # What can be refused without the compiler is refused before it is even loaded.
    chosen = choose(Choice(what, arguments, board, memory, cpus, lines))

    from motet.emulator import Emulator, Settings
    from motet.keyboard import Keyboard
    from motet.launch import lay_out
    from motet.session import Session, person_outlets
    from motet.terminal import note

    laid = lay_out(*chosen)
    log = STATE / "trap.log" if trap_log else None
    booted = laid.board if disk is None else disk_board(laid.board)
    settings = Settings(memory=booted.memory, cpus=laid.cpus, trap_log=log)
    interactive = laid.interactive and not lines
    if interactive and sys.stdin.isatty():
        note(f"{laid.board.summary}, {laid.board.memory >> 20} MiB; Ctrl-] leaves")
    try:
        with Emulator(booted, disk or laid.file, settings) as emulator, Keyboard(raw=interactive) as keyboard:
            session = Session(emulator, laid.symbols, person_outlets(), laid.folders)
            return session.run(None if lines else keyboard, timeout)
    finally:
        if log is not None:
            note(f"the trap log lies in {shown(Path(log))}")


def disk_board(board: Board) -> Board:
    """The board with firmware that boots disks."""
    from motet.errors import MotetError, ToolError
    from motet.plan.board import all_boards, uefi_board

    booted = uefi_board(board)
    if booted is None:
        names = ", ".join(other.name for other in all_boards() if uefi_board(other) is not None)
        raise MotetError(f"the emulator has no firmware that boots a disk on {board.name}", cure=f"give --on {names}")
    if board.uefi is not None and board.uefi.missing():
        raise ToolError(f"{board.uefi.missing()} is not installed", cure=f"apt install {board.uefi.package}")
    return booted
