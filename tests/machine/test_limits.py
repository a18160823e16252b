"""What the kernel promises about its size and its start, and how it ends when it fails."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from benches.kernel.measure import FAMILIES, FAMILY, measure_family
from kernel.limits import STACK_WORDS
from metal.compiler.build import build_program
from metal.targets import target_named
from motet.bundle import lay_bundle
from motet.image import kernel_layout, make_image
from motet.paths import ROOT
from motet.plan.board import family_boards, find_board
from motet.programs import kernel_request
from motet.rooted import Machine, build, run_image
from tests.emulators import present
from tests.machine.test_seeded import SUITE, Seed, changed_tree

# Instructions of x86 are longer where they name 64-bit registers and constants, those of MIPS more where they name
# an address.
KERNEL_BYTES = {"aarch64": 64 << 10, "mips64": 96 << 10, "x86_64": 76 << 10}
BOOT_INSTRUCTIONS = 1_000_000


@pytest.mark.slow
@pytest.mark.parametrize("family", FAMILIES)
def test_size_start_and_every_row_of_the_bench(family: str) -> None:
    rows = {row["case"]: row["value"] for row in measure_family(family) if row["metric"] in ("instructions", "size")}
    assert rows["text and constants"] < KERNEL_BYTES[family]
    if family == FAMILY:
        # Where no firmware runs before the kernel.
        assert rows["boot to first program"] < BOOT_INSTRUCTIONS
    for case in ("null call", "round trip, 0 to 8 words", "round trip, 64 words", "signal to waiter", "yield",
                 "fault and reply", "map", "unmap", "interrupt to driver"):  # fmt: skip
        # Nothing enters and leaves the kernel in fewer instructions than its registers need.
        assert 40 < rows[case] < 20_000, case


@pytest.mark.parametrize("cpus", [1, 2])
@pytest.mark.parametrize("board", [board.name for board in family_boards()])
def test_the_kernel_s_stacks_are_deep_enough(board: str, cpus: int) -> None:
    kernel, _ = build(board, SUITE, cpus, ())
    worst = kernel.stacks()
    script = kernel_layout(find_board(board)).script
    boot, failure = (int(size, 0) for size in re.findall(r"\. \+= (0x\w+);\n\s+__\w+_stack_end", script))
    for entry, room in (("kernel_call", STACK_WORDS * 8), ("kernel_interrupt", STACK_WORDS * 8),
                        ("kernel_fault", STACK_WORDS * 8), ("kernel_secondary", STACK_WORDS * 8),
                        ("kernel_main", boot), ("kernel_failed", failure)):  # fmt: skip
        depth = worst[entry]
        assert depth is not None, f"{entry} has no bound"
        assert 0 < depth <= room, f"{entry} needs {depth} of {room} bytes"


@pytest.mark.slow
@pytest.mark.parametrize("name", present("qemu-virt", "qemu-riscv", "qemu-malta", "qemu-q35"))
def test_a_failed_check_of_the_kernel_says_where_and_ends_the_machine(name: str, tmp_path: Path) -> None:
    machine = Machine(name)
    board = find_board(machine.board)
    layout = kernel_layout(board)
    file = "kernel/syscalls.py"
    lines = (ROOT / file).read_text().splitlines()
    number = next(at for at, line in enumerate(lines, start=1) if line.startswith("def operate("))
    docstring = lines[number]
    seed = Seed("a check fails", file, docstring, docstring + "\n    assert caller.number == 1 << 60", ())
    tree = changed_tree(seed, tmp_path / "tree")
    kernel = build_program(replace(kernel_request(board, layout, 1), roots=(tree, ROOT)))
    _, root = build(machine.board, SUITE, 1, ())
    image = tmp_path / "machine.img"
    bundle = lay_bundle([("root", root.program)], target_named(board.target).page_bytes)
    image.write_bytes(make_image(kernel.program, bundle, layout, board.image_format))
    run = run_image(machine, board, image, seconds=30)
    told = [line for line in run.lines if "kernel failed" in line]
    assert told, run.last()
    assert re.search(rf"syscalls\.py.*\b{number + 2}\b", told[0]), told[0]
    assert run.status == min(134, board.emulator.most_status), run.last()
