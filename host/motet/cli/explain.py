"""`motet explain CODE`: the page of an error."""

from __future__ import annotations

import difflib
import sys

import click

from motet.errors import MotetError
from motet.paths import ERROR_PAGES


@click.command(short_help="say more about an error's code")
@click.argument("code", required=False)
def command(code: str | None) -> int:
    """Shows the page of an error, for example M012 or P008; without a code, the list of them."""
    pages = {path.stem.upper(): path for path in sorted(ERROR_PAGES.glob("*.md")) if path.stem[1:].isdigit()}
    if code is None:
        for name, path in pages.items():
            print(f"{name}  {title(path.read_text(encoding='utf-8'), name)}")
        return 0
    page = pages.get(code.upper())
    if page is None:
        near = difflib.get_close_matches(code.upper(), pages, n=3, cutoff=0.6)
        cure = f"near are: {', '.join(near)}" if near else "motet explain shows all codes"
        raise MotetError(f'there is no error code "{code}"', cure=cure)
    text = page.read_text(encoding="utf-8")
    if sys.stdout.isatty():
        from rich.console import Console
        from rich.markdown import Markdown

        Console().print(Markdown(text))
    else:
        print(text, end="" if text.endswith("\n") else "\n")
    return 0


def title(text: str, name: str) -> str:
    """The page's first line, without the code."""
    first = text.splitlines()[0] if text else ""
    return first.lstrip("# ").removeprefix(name).lstrip(" :.—-")
