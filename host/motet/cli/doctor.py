"""`motet doctor`: every tool, and the cure for each that is missing."""

from __future__ import annotations

import click


@click.command(short_help="check this machine's tools, with the cure for each")
def command() -> int:
    """Checks every tool that Motet stands on; the exit status is 1 when one is missing."""
    from rich.console import Console
    from rich.table import Table

    from motet.tools import check_all

    table = Table(box=None, pad_edge=False)
    for heading in ("", "tool", "version", "for", "needed by"):
        table.add_column(heading, no_wrap=True)
    checks = check_all()
    for check in checks:
        mark = "[green]ok[/]" if check.good else "[red]missing[/]"
        table.add_row(mark, check.name, check.found, check.purpose, check.needed)
    Console(width=None if Console().is_terminal else 120, highlight=False).print(table)
    wrong = [check for check in checks if not check.good]
    for check in wrong:
        print(f"\n{check.name}: {check.purpose}\n  cure: {check.cure}")
    if wrong:
        print(f"\n{len(wrong)} to put right. On Debian `./motet test` installs what tests, benches and debugging need.")
    else:
        print("\neverything is there")
    return 1 if wrong else 0
