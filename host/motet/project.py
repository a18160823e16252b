"""A new app: one file, its test, and what an editor needs."""

from __future__ import annotations

import json
import keyword
from pathlib import Path
from typing import Final

from motet.errors import MotetError
from motet.paths import ROOT, shown

APP: Final = '''"""{title}: says how large a floor is."""

from metal import u32


def area(width: u32, length: u32) -> u32:
    """The area of a floor; one that does not fit 32 bits stops the app with a clear message."""
    return width * length


def main() -> None:
    """Where the app starts."""
    print(f"hello from {name}: a floor of 3 by 4 is {{area(3, 4)}}")
'''

TEST: Final = '''"""Tests of {name}: its functions compiled for this machine, and whole runs on an emulated device."""

from pathlib import Path

import pytest

from motet.testing import Trap, compile_app, run_app

APP = Path(__file__).with_name("{name}.py")


def test_the_area_is_right():
    assert compile_app(APP).area(3, 4) == 12


def test_an_area_that_does_not_fit_stops_the_app():
    with pytest.raises(Trap):
        compile_app(APP).area(70_000, 70_000)


def test_the_app_says_hello_on_a_device():
    done = run_app(APP)
    assert done.status == 0
    assert done.output == "hello from {name}: a floor of 3 by 4 is 12\\n"
'''


def make_app(name: str, folder: Path | None) -> list[str]:
    """Makes the app's folder; the lines say what was made and what to do next."""
    if not name.isidentifier() or keyword.iskeyword(name) or name in reserved_names():
        why = "it is a name of Motet's own" if name in reserved_names() else "an app's name is a Python module's name"
        raise MotetError(
            f'an app cannot be called "{name}": {why}', cure="use letters, digits and _, for example: motet new lamp"
        )
    place = folder if folder is not None else Path(name)
    files = {
        place / f"{name}.py": APP.format(name=name, title=name.replace("_", " ").capitalize()),
        place / f"test_{name}.py": TEST.format(name=name),
        place / "pyrightconfig.json": editor_settings(),
    }
    there = [path for path in files if path.exists()]
    if there:
        raise MotetError(f"{shown(there[0])} is already there", cure="choose another name, or a folder with --in DIR")
    place.mkdir(parents=True, exist_ok=True)
    for path, text in files.items():
        path.write_text(text, encoding="utf-8")
    command = command_name()
    return [
        *(f"made {shown(path)}" for path in files),
        "",
        f"run it:   {command} run {shown(place / f'{name}.py')}",
        f"test it:  {command} test {shown(place)}",
    ]


def reserved_names() -> set[str]:
    """Names an app cannot have, because programs import the tree's rooms by them."""
    return {"metal", "abi", "kernel", "loader", "system", "apps", "motet", "host", "tests", "benches"}


def editor_settings() -> str:
    """What a type checker in an editor needs to find `metal` and `system`."""
    settings = {
        "pythonVersion": "3.11",
        "venvPath": str(ROOT / ".motet"),
        "venv": "venv",
        "extraPaths": [str(ROOT), str(ROOT / "host")],
        "typeCheckingMode": "standard",
    }
    return json.dumps(settings, indent=4) + "\n"


def command_name() -> str:
    """How the person calls the command from here."""
    launcher = ROOT / "motet"
    return "./motet" if Path.cwd() == ROOT else str(launcher)
