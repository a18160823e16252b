"""`motet new NAME`: a new app, ready to run, to test and to open in an editor."""

from __future__ import annotations

from pathlib import Path

import click


@click.command(short_help="make a new app: one file and its test")
@click.argument("name")
@click.option(
    "--in", "folder", type=click.Path(file_okay=False, path_type=Path), help="Where to make it; default: NAME/ here."
)
def command(name: str, folder: Path | None) -> int:
    """Makes an app called NAME: its file, its test, and settings by which an editor understands both."""
    from motet.project import make_app

    made = make_app(name, folder)
    print("\n".join(made))
    return 0
