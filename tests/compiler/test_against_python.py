"""Every accepted program means what CPython means by it: random programs run in both and end with the same number."""

from __future__ import annotations

import linecache
import sys

import pytest

from metal.compiler.interpret import Interpreter
from metal.compiler.ir import Program
from metal.compiler.options import Options
from metal.compiler.pipeline import compile_sources
from tests.compiler.checking import ROOT
from tests.compiler.random_python import RandomProgram


def by_cpython(text: str) -> object:
    """What `run()` gives under CPython."""
    names: dict[str, object] = {"__name__": "example"}
    # An array finds its element type in the line that makes it.
    linecache.cache["example.py"] = (len(text), None, text.splitlines(keepends=True), "example.py")
    sys.path.insert(0, str(ROOT))
    try:
        exec(compile(text, "example.py", "exec"), names)
        return eval("run()", names)
    finally:
        sys.path.remove(str(ROOT))


def by_interpreter(text: str) -> object:
    """What `run()` gives in the interpreter of the typed form."""
    program = compile_sources({"example": text}, entry="example", options=Options(all_functions=True, trap="host"))
    assert isinstance(program, Program), f"{program.draw()}\n{text}"
    return Interpreter(program).call("run")


@pytest.mark.parametrize("seed", range(60))
def test_a_random_program(seed: int) -> None:
    text = RandomProgram(seed).text
    assert by_interpreter(text) == by_cpython(text), text


@pytest.mark.all
@pytest.mark.parametrize("seed", range(60, 1000))
def test_many_random_programs(seed: int) -> None:
    text = RandomProgram(seed).text
    assert by_interpreter(text) == by_cpython(text), text
