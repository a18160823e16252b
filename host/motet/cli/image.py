"""`motet image`: what an image holds and who may do what."""

from __future__ import annotations

from pathlib import Path

import click

from motet.cli.options import device_options


@click.command(short_help="show what an image holds, or make a disk of it")
@click.argument("what", required=False, metavar="[APP.py | IMAGE.toml]")
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), metavar="DISK",
    help="Write a disk that UEFI firmware of every family boots.",
)  # fmt: skip
@device_options
def command(what: str | None, output: Path | None, board: str | None, memory: str | None, cpus: int | None) -> int:
    """Reads and checks an image without compiling it, and shows each program's memory, time, devices and calls.

    With -o, builds it for every family that UEFI firmware starts, and writes one disk that boots on all of them.
    """
    if output is not None:
        return make_disk(what, output, board, cpus)
    return show(what, board, memory, cpus)


def make_disk(what: str | None, output: Path, board: str | None, cpus: int | None) -> int:
    """One disk for all families."""
    from motet.choice import Choice
    from motet.disk.build import build_disk
    from motet.errors import MotetError

    if board is not None:
        raise MotetError("a disk is for every family", cure="leave --on out")
    names = build_disk(Choice(what, cpus=cpus), output)
    print(f"{output}: {output.stat().st_size >> 20} MiB, {', '.join(names)}")
    return 0


def show(what: str | None, board: str | None, memory: str | None, cpus: int | None) -> int:
    """What an image holds."""
    from rich.console import Console
    from rich.table import Table

    from motet.choice import Choice, choose
    from motet.paths import shown

    chosen, image, processors = choose(Choice(what, board=board, memory=memory, cpus=cpus))
    print(f"{shown(image.file)} on {chosen.name}: {chosen.summary}, {chosen.memory >> 20} MiB, {processors} CPU")
    table = Table(box=None, pad_edge=False)
    for heading in ("program", "priority", "memory", "budget/period", "devices", "offers", "calls", "powers"):
        table.add_column(heading)
    for program in image.programs:
        table.add_row(
            program.name, str(program.priority), f"{program.memory >> 10} K",
            f"{program.budget // 1000} / {program.period // 1000} us",
            *(" ".join(words) or "-" for words in (
                program.devices, program.offers, [*program.calls, *program.posts], program.powers,
            )),
        )  # fmt: skip
    Console(width=None if Console().is_terminal else 140, highlight=False).print(table)
    return 0
