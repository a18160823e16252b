"""`motet image`: what an image holds and who may do what."""

from __future__ import annotations

import click

from motet.cli.options import device_options


@click.command(short_help="show what an image holds and who may do what")
@click.argument("what", required=False, metavar="[APP.py | IMAGE.toml]")
@device_options
def command(what: str | None, board: str | None, memory: str | None, cpus: int | None) -> int:
    """Reads and checks an image without compiling it, and shows each program's memory, time, devices and calls."""
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
