"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


def device_options(function: F) -> F:
    """--on, --memory and --cpus."""
    for option in (
        click.option("--cpus", type=click.IntRange(1, 8), help="How many processors the device has."),
        click.option("--memory", metavar="SIZE", help='How much memory it has, for example "64M" or "1G".'),
        click.option("--on", "board", metavar="BOARD", help="A board of boards/, or a processor family."),
    ):
        function = option(function)
    return function


def output_folder(function: F) -> F:
    """-o DIR."""
    return click.option(
        "-o", "--output", type=click.Path(file_okay=False, path_type=Path), default=Path("build"), show_default=True,
        help="The folder to write to.",
    )(function)  # fmt: skip
