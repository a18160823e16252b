"""Random programs that pass references around: what the compiler accepts leaves no reference to a stack that is gone,
and means what Python means by it, also where loops make objects anew and where what may be None was tested before.
"""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metal.compiler.diagnostics import Diagnostics
from metal.compiler.ir import Program
from metal.compiler.options import Options
from metal.compiler.pipeline import compile_sources
from tests.compiler.reference_programs import Dangling, Watcher, Writer, run_by_cpython

CODES = {"M020", "M210", "M211", "M212", "M213"}
"""Everything these programs may be refused for: what may be None is not used, references stay with their stack."""


def compiled(source: str, *skip: str) -> Program | Diagnostics:
    options = Options(all_functions=True, skip_checks=frozenset(skip))
    return compile_sources({"random_program": source}, entry="random_program", options=options)


def agrees(source: str, program: Program) -> bool:
    """Whether the program leaves nothing dangling and gives what CPython gives."""
    return bool(Watcher(program).call("test") == run_by_cpython(source))


def look_at(source: str) -> bool:
    """Whether the program was accepted; if so it has to be right."""
    program = compiled(source)
    if isinstance(program, Diagnostics):
        assert {found.code for found in program.found} <= CODES, program.draw()
        return False
    assert agrees(source, program), source
    return True


@settings(max_examples=150, deadline=None)
@given(st.randoms(use_true_random=False))
def test_what_is_accepted_is_right(random: Random) -> None:
    look_at(Writer(random).source())


@pytest.mark.all
def test_many_of_them() -> None:
    accepted = sum(look_at(Writer(Random(seed)).source()) for seed in range(5_000))
    assert accepted > 800


@pytest.mark.slow
def test_the_programs_are_worth_looking_at() -> None:
    """Without the checks many of them are wrong, in both ways; with them a good part is still accepted."""
    accepted = dangling = different = 0
    for seed in range(300):
        source = Writer(Random(seed)).source()
        found = compiled(source)
        if isinstance(found, Program):
            accepted += 1
            continue
        told = {diagnostic.code for diagnostic in found.found}
        if "M020" in told:
            continue
        program = compiled(source, "escape", "remade")
        assert isinstance(program, Program), program.draw()
        try:
            different += not agrees(source, program)
        except Dangling:
            assert told - {"M213"}
            dangling += 1
    assert accepted > 40
    assert dangling > 20
    assert different > 4


def test_the_watcher_sees_a_dangling_reference() -> None:
    program = compiled(
        "from metal import Ptr, struct, u32\n"
        "@struct\nclass Node:\n    value: u32 = 0\n"
        "def make() -> Ptr[Node]:\n    node = Node(1)\n    return node\n"
        "def test() -> u32:\n    return make().value\n",
        "escape",
    )
    assert isinstance(program, Program)
    with pytest.raises(Dangling):
        Watcher(program).call("test")
