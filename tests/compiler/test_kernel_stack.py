"""The kernel builds with both C compilers, and its deepest chain of calls fits the stacks it runs on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kernel.limits import STACK_WORDS
from metal.compiler.build import build_program
from metal.targets import target_named
from motet.image import kernel_layout
from motet.plan.board import board_names, find_board
from motet.programs import kernel_request

# Left free below the deepest chain for what the assembly of the entry pushes itself.
SPARE = 1024


@pytest.mark.parametrize("second", [False, pytest.param(True, marks=pytest.mark.slow)], ids=["clang", "gcc"])
@pytest.mark.parametrize("name", board_names())
def test_every_entry_of_the_kernel_has_a_bound_that_fits(name: str, second: bool) -> None:
    board = find_board(name)
    if second and not target_named(board.target).second_compiler:
        pytest.skip("there is no second compiler for it")
    if second and board.target == "riscv64":
        pytest.skip("gcc counts leading zeros by a function of its library there, which the kernel does not have")
    request = kernel_request(board, kernel_layout(board), cpus=2)
    built = build_program(replace(request, second_compiler=second))
    stacks = built.stacks()
    assert {"kernel_main", "kernel_call", "kernel_interrupt", "kernel_fault"} <= set(stacks)
    unbounded = [name for name, size in stacks.items() if size is None]
    assert unbounded == []
    assert max(size for size in stacks.values() if size is not None) + SPARE <= STACK_WORDS * 8
