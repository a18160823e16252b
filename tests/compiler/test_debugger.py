"""A debugger stops on lines of Python and shows Python's names, without knowing the language."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from metal.compiler.build import Request, build_program
from metal.compiler.tools import run_tool
from metal.targets import target_named

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SOURCE = HERE / "debugged.py"
pytestmark = pytest.mark.skipif(shutil.which("gdb") is None, reason="gdb is not installed")


def line_of(text: str) -> int:
    """The line of the source that has this text."""
    return next(number for number, line in enumerate(SOURCE.read_text().splitlines(), 1) if text in line)


def debug(*commands: str, second_compiler: bool = False) -> str:
    """What gdb prints for these commands."""
    request = Request(
        SOURCE, (HERE, ROOT), target_named("host"), optimize="0", executable=True, second_compiler=second_compiler
    )
    built = build_program(request)
    given = [word for command in commands for word in ("-ex", command)]
    return run_tool(
        "gdb", "-q", "-batch", "-nx", "-ex", f"directory {HERE}", "-ex", "set style enabled off",
        "-ex", "set debuginfod enabled off", *given, built.program,
    )  # fmt: skip


@pytest.mark.parametrize("second", [False, True], ids=["clang", "gcc"])
def test_a_breakpoint_on_a_python_line_stops_there_and_shows_its_text(second: bool) -> None:
    line = line_of("lamp.switched += 1")
    text = debug(f"break debugged.py:{line}", "run", "backtrace", second_compiler=second)
    assert f"{line}\t    lamp.switched += 1" in text
    assert re.search(rf"#0 .*debugged__switch \(lamp=0x.*, level=0\) at .*debugged.py:{line}", text)
    assert re.search(rf"#1 .*debugged__main \(\) at .*debugged.py:{line_of('change = switch')}", text)


@pytest.mark.parametrize("second", [False, True], ids=["clang", "gcc"])
def test_variables_have_their_python_names(second: bool) -> None:
    line = line_of("total += change")
    text = debug(
        f"break debugged.py:{line} if step == 2", "run", "info locals", "print debugged__lamp",
        "up 0", "print change", second_compiler=second,
    )  # fmt: skip
    assert re.search(r"^total = 3$", text, re.MULTILINE)
    assert re.search(r"^step = 2$", text, re.MULTILINE)
    assert re.search(r"^\$2 = 13$", text, re.MULTILINE)
    assert '{level = 20, switched = 3, history = "\\000\\000\\000"}' in text


def test_stepping_goes_from_python_line_to_python_line() -> None:
    first = line_of("before = lamp.level")
    text = debug(f"break debugged.py:{first}", "run", "next", "next", "next", "finish")
    stops = [int(number) for number in re.findall(r"^(\d+)\t", text, re.MULTILINE)]
    assert stops[:4] == [first, first + 1, first + 2, first + 3]
    assert stops[4] == line_of("change = switch")
