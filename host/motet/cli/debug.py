"""`motet debug APP.py`: steps through an app on the emulated device, line by line in Python."""

from __future__ import annotations

import click

from motet.cli.options import device_options


@click.command(short_help="run an app under the debugger, line by line in Python")
@click.argument("what", metavar="APP.py | IMAGE.toml")
@click.argument("arguments", nargs=-1)
@device_options
@click.option("--program", help="The program to step through; default: the one that ends the device.")
@click.option("--do", "commands", multiple=True, metavar="COMMAND", help="For gdb, which then ends. Repeatable.")
def command(
    what: str,
    arguments: tuple[str, ...],
    board: str | None,
    memory: str | None,
    cpus: int | None,
    program: str | None,
    commands: tuple[str, ...],
) -> int:
    """Boots an app stopped at its main, under gdb: `break lamp.py:12`, `next`, `print total`, `backtrace` ..."""
    from motet.choice import Choice, choose
    from motet.errors import MotetError
    from motet.plan.settings import one_of

    chosen, image, processors = choose(Choice(what, arguments, board, memory, cpus))
    main = next((each.name for each in image.programs if each.halt_on_exit), image.programs[0].name)
    name = program or main
    if image.program(name) is None:
        names = [each.name for each in image.programs]
        raise MotetError(f'the image has no program "{name}"', cure=one_of(name, names))

    from motet.debugger import debug
    from motet.launch import lay_out

    return debug(lay_out(chosen, image, processors, debugged=name), name, commands)
