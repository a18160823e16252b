"""The suite sees mistakes: each of these, made in a copy of the kernel, fails the checks that are there to find it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from metal.compiler.build import build_program
from metal.targets import target_named
from motet.bundle import lay_bundle
from motet.image import kernel_layout, make_image
from motet.paths import ROOT
from motet.plan.board import find_board
from motet.programs import kernel_request
from motet.rooted import Machine, build, run_image

SUITE = "tests.machine.suite.main"
PORT = "kernel/arch/aarch64"
PC_PORT = "kernel/arch/x86_64"
MIPS_PORT = "kernel/arch/mips64"


@dataclass(frozen=True)
class Seed:
    """A mistake: what is replaced where, and the checks of which at least one must fail."""

    name: str
    file: str
    right: str
    wrong: str
    found_by: tuple[str, ...]
    cpus: int = 1
    board: str = "qemu-virt"


SEEDS = [
    Seed("a register is not cleaned", f"{PORT}/vectors.py", "14, 15, 16, 17, 18\n", "14, 15, 16, 18\n",
         ("a call leaves nothing in registers",)),
    Seed("flags are not cleaned", f"{PORT}/vectors.py", "    msr     spsr_el1, xzr\n",
         "    mov     x10, #0x40000000\n    msr     spsr_el1, x10\n", ("a call leaves nothing in registers",)),
    Seed("a kept register is lost", f"{PORT}/vectors.py", "    ldp     x27, x28, [x17, #FRAME_KEPT + 64]\n", "",
         ("a call keeps what it must",)),
    Seed("data may be executed", f"{PORT}/paging.py", "if access & EXECUTE == 0 or access & (WRITE | DEVICE) != 0:",
         "if access & DEVICE != 0:", ("a page to be read is not executed",)),
    Seed("constants may be written", f"{PORT}/paging.py", "    if access & WRITE == 0:\n",
         "    if access & EXECUTE != 0:\n", ("a page to be read is not written",)),
    Seed("vector registers are not saved", f"{PORT}/cpu.py", "        save_vectors(addr_of(last.vectors))\n",
         "        pass\n", ("vector registers are kept apart",)),
    Seed("the thread pointer stays", f"{PORT}/cpu.py", "    registers.write_thread_pointer(frame.thread_pointer)\n", "",
         ("a new thread finds empty registers",)),
    Seed("the cycle counter is open", f"{PORT}/registers.py", "    msr     pmuserenr_el0, xzr\n",
         "    mov     x9, #1\n    msr     pmuserenr_el0, x9\n", ("hostile: instructions of the kernel are refused",)),
    Seed("a fault shows an old address", f"{PORT}/vectors.py", "    csel    x2, x2, xzr, eq\n", "",
         ("hostile: instructions of the kernel are refused",)),
    Seed("a call is not repeated", f"{PORT}/cpu.py", "    frame.pc -= 4\n", "    pass\n",
         ("a revocation is interrupted and goes on", "a revocation takes everything derived")),
    Seed("a translation is not forgotten", f"{PORT}/paging.py",
         "    registers.forget_translation(tag << 48 | (address >> PAGE_BITS) & 0xFFF_FFFF_FFFF)\n", "    pass\n",
         ("an unmapped page is out of reach on other CPUs",), cpus=2),
    Seed("selectors stay", f"{PC_PORT}/cpu.py", "        registers.clear_selectors()\n", "",
         ("a new thread finds empty registers", "a server leaves nothing in registers"), board="qemu-q35"),
    Seed("wide registers are not loaded", f"{PC_PORT}/cpu.py",
         "        registers.load_vectors(addr_of(frame.vectors))\n", "",
         ("vector registers are kept apart",), board="qemu-q35"),
    Seed("wide registers are not saved", f"{PC_PORT}/vectors.py", "    fxsave64 FRAME_VECTORS(%rsp)\n", "",
         ("vector registers are kept apart",), board="qemu-q35"),
    Seed("the controls of wide registers are lost", f"{PC_PORT}/vectors.py",
         "    stmxcsr FRAME_VECTORS + 24(%rsp)\n", "", ("a call keeps what it must",), board="qemu-q35"),
    Seed("written pages may be executed", f"{PC_PORT}/paging.py",
         "        return entry | WRITABLE | DIRTY | NO_EXECUTE\n", "        return entry | WRITABLE | DIRTY\n",
         ("data is not executed",), board="qemu-q35"),
    Seed("the time-stamp counter is open", f"{PC_PORT}/cpu.py", "control | CLOSES_COUNTER", "control",
         ("hostile: instructions of the kernel are refused",), board="qemu-q35"),
    Seed("a page's translation is kept", f"{PC_PORT}/paging.py", "    registers.forget_translation(address)\n",
         "    pass\n", ("an unmapped page is out of reach on other CPUs",), cpus=2, board="qemu-q35"),
    Seed("ports beyond the handle's are reached", "kernel/objects/ports.py", " or bytes > memory.size - offset:", ":",
         ("ports are reached through their handle",), board="qemu-q35"),
    Seed("a multiplier's register is not cleaned", f"{MIPS_PORT}/vectors.py", "    mthi    $0\n", "",
         ("a call leaves nothing in registers", "a server leaves nothing in registers"), board="qemu-malta"),
    Seed("a page has other names", f"{MIPS_PORT}/vectors.py",
         "    bnez    $27, general\n    lui     $27, %hi(__anchor)\n", "    lui     $27, %hi(__anchor)\n",
         ("hostile: kernel memory is out of reach",), board="qemu-malta"),
    Seed("a refill leaves an address", f"{MIPS_PORT}/vectors.py",
         "    move    $26, $0                 # programs know no physical addresses\n", "",
         ("a new thread finds empty registers",), board="qemu-malta"),
    Seed("written pages may be executed here", f"{MIPS_PORT}/paging.py",
         "        return entry | WRITABLE | NO_EXECUTE\n", "        return entry | WRITABLE\n",
         ("data is not executed",), board="qemu-malta"),
    Seed("floating-point registers are not saved", f"{MIPS_PORT}/cpu.py",
         "        save_vectors(addr_of(last.vectors))\n", "        pass\n", ("vector registers are kept apart",),
         board="qemu-malta"),
    Seed("the counter is open", f"{MIPS_PORT}/cpu.py", "(COUNTER if OPEN_COUNTERS > 0 else 0)", "COUNTER",
         ("hostile: instructions of the kernel are refused",), board="qemu-malta"),
    Seed("the other page of a pair stays away", f"{MIPS_PORT}/cpu.py",
         "    if code != BAD_LOAD and code != BAD_STORE and translation_is_stale(address, writes, executes):\n"
         "        return 0\n", "", ("a page beside a used one is found",),
         board="qemu-malta"),
]  # fmt: skip


def changed_tree(seed: Seed, folder: Path) -> Path:
    """A copy of what the kernel is made from, with the mistake in it."""
    for room in ("abi", "kernel"):
        shutil.copytree(ROOT / room, folder / room, ignore=shutil.ignore_patterns("__pycache__"))
    file = folder / seed.file
    text = file.read_text()
    assert text.count(seed.right) >= 1, f"{seed.file} has changed: say anew how to make the mistake"
    file.write_text(text.replace(seed.right, seed.wrong))
    return folder


@pytest.mark.all
@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.name.replace(" ", "-"))
def test_the_suite_finds_a_mistake(seed: Seed, tmp_path: Path) -> None:
    machine = Machine(seed.board, cpus=seed.cpus, built_for=seed.cpus)
    board = find_board(machine.board)
    layout = kernel_layout(board)
    tree = changed_tree(seed, tmp_path / "tree")
    kernel = build_program(replace(kernel_request(board, layout, seed.cpus), roots=(tree, ROOT)))
    _, root = build(machine.board, SUITE, seed.cpus, ())
    image = tmp_path / "machine.img"
    bundle = lay_bundle([("root", root.program)], target_named(board.target).page_bytes)
    image.write_bytes(make_image(kernel.program, bundle, layout, board.image_format))
    run = run_image(machine, board, image, seconds=40)
    failed = [line.removeprefix("failed ") for line in run.lines if line.startswith("failed ")]
    assert set(failed) & set(seed.found_by), run.last()
