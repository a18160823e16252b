"""Operands are evaluated in Python's order: CPython and the interpreter of the typed form run the same source."""

from __future__ import annotations

import sys
import textwrap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metal.compiler.interpret import Interpreter
from metal.compiler.ir import Program
from tests.compiler.checking import ROOT, compiled

START = """
from metal import Array, Ptr, array, struct, u32, u64

log: u64 = 0
count: u64 = 0
cells: Array[u64] = array(16)

@struct
class Box:
    n: u64 = 3

box: Box = Box()

def a(x: u64) -> u64:
    global log
    log = (log * 7 + x + 1) % 1000003
    return x

def b(x: u64) -> u64:
    global count
    count += 1
    box.n = (box.n + count) % 9 + 1
    cells[count % 8] = x % 50
    return a(x % 9) + count % 3

def three(x: u64, y: u64, z: u64) -> u64:
    return (x * 9 + y * 5 + z) % 1000

"""
ATOMS = st.sampled_from(["1", "2", "count", "box.n", "cells[box.n]", "cells[count % 8]", "a(3)", "b(4)", "v", "w"])


def _grow(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pair = st.tuples(inner, inner)
    return st.one_of(
        pair.map(lambda p: f"({p[0]} + {p[1]})"),
        pair.map(lambda p: f"({p[0]} ^ {p[1]})"),
        inner.map(lambda x: f"a({x})"),
        inner.map(lambda x: f"b({x} % 100)"),
        inner.map(lambda x: f"cells[{x} % 16]"),
        st.tuples(inner, inner, inner).map(lambda t: f"three({t[0]}, z={t[1]}, y={t[2]})"),
        st.tuples(inner, inner, inner).map(lambda t: f"({t[0]} if {t[1]} < {t[2]} else w)"),
        st.tuples(inner, inner, inner).map(lambda t: f"({t[0]} if {t[1]} < {t[2]} <= b(5) and a(2) == 2 else {t[2]})"),
    )


EXPRESSIONS = st.recursive(ATOMS, _grow, max_leaves=8)
STATEMENTS = st.one_of(
    EXPRESSIONS.map(lambda e: f"v = {e} % 1000"),
    st.tuples(EXPRESSIONS, EXPRESSIONS).map(lambda p: f"cells[{p[0]} % 16] = {p[1]} % 1000"),
    st.tuples(EXPRESSIONS, EXPRESSIONS).map(lambda p: f"cells[{p[0]} % 16] += {p[1]} % 1000"),
    EXPRESSIONS.map(lambda e: f"box.n = {e} % 15"),
    EXPRESSIONS.map(lambda e: f"w += {e} % 1000"),
    st.tuples(EXPRESSIONS, EXPRESSIONS).map(lambda p: f"v, w = {p[0]} % 1000, {p[1]} % 1000"),
    st.tuples(EXPRESSIONS, EXPRESSIONS).map(lambda p: f"cells[box.n], v = {p[0]} % 15, {p[1]} % 1000"),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(STATEMENTS, min_size=1, max_size=5))
def test_order_is_pythons(tmp_path_factory: pytest.TempPathFactory, lines: list[str]) -> None:
    body = "\n".join(f"    {line}" for line in lines)
    end = "    total = log + v * 3 + w * 5 + box.n * 7\n    for x in cells:\n        total += x\n    return total\n"
    source = f"{START}def run() -> u64:\n    v: u64 = 5\n    w: u64 = 7\n{body}\n{end}"
    program = compiled(tmp_path_factory.mktemp("order"), source)
    assert isinstance(program, Program), f"{program.draw()}\n{textwrap.dedent(source)}"
    names: dict[str, object] = {"__name__": "example"}
    sys.path.insert(0, str(ROOT))
    try:
        exec(compile(source, "example.py", "exec"), names)
        wanted = eval("run()", names)
    except IndexError:
        return
    finally:
        sys.path.remove(str(ROOT))
    assert Interpreter(program).call("run") == wanted
