"""Programs for a device: linked, with a table that tells every failed check's place, and kernel calls as agreed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from metal.compiler import ir
from metal.compiler.build import c_flags
from metal.compiler.emit.program import emit_program
from metal.compiler.layout import program_script
from metal.compiler.options import Options
from metal.compiler.stack import worst_stacks
from metal.compiler.tools import run_tool
from metal.compiler.traps import read_traps
from metal.compiler.types import NEVER, U8, U64, Field, StructType, TypeTable
from metal.targets import target_named, target_names
from metal.targets.target import Target
from metal.types.traps import TrapKind
from tests.compiler.shorthand import at, binary, function, give, local, number, parameter, place, program, read, store

# Those whose code comes from another's have tests of their own.
DEVICES = [name for name in target_names() if not target_named(name).shared and not target_named(name).translation]
# Each with the compilers that it has: the second is one of another family.
COMPILERS = [
    pytest.param(name, second, id=f"{name}-{'second' if second else 'first'}")
    for name in DEVICES
    for second in (False, True)
    if target_named(name).second_compiler or not second
]
TYPES = TypeTable()


def link(whole: ir.Program, target: Target, folder: Path, second: bool = False, kernel: bool = False) -> Path:
    """Compiles with either compiler and links as programs are linked."""
    (folder / "program.c").write_text(emit_program(whole, target))
    compiler = target.second_compiler if second else target.compiler
    flags = [*c_flags(target, Options(kernel=kernel), second_compiler=second), "-fstack-usage"]
    run_tool(compiler, *flags, "-c", "program.c", "-o", "program.o", folder=folder)
    (folder / "program.ld").write_text(program_script(target))
    run_tool(target.linker, "-m", target.emulation, "-T", "program.ld", "program.o", "-o", "program.elf", folder=folder)
    return folder / "program.elf"


def disassembly(elf: Path, target: Target) -> str:
    """The instructions of a program, as the tools that linked it show them."""
    program = "llvm-objdump-19" if target.triple else target.linker.removesuffix("ld") + "objdump"
    return run_tool(program, "-d", "--no-show-raw-insn", elf)


def endless(line: int) -> ir.Function:
    """Where a device program begins; it never returns."""
    start = function("metal_start", [parameter("a")], NEVER, [ir.While(at(line), [], None, [])], exported=True)
    start.never_returns = True
    return start


def sample() -> ir.Program:
    """A program with checks on three lines."""
    a, b, words = parameter("a"), parameter("b"), parameter("words", TYPES.slice(U8))
    inner = function("inner", [a], U64, [give(binary("*", read(a), read(a), 3), 3)])
    inner.noinline = True
    item = ir.Load(at(7), U8, ir.SliceElementPlace(at(7), U8, read(words), read(b), True))
    called = local("called")
    body: list[ir.Statement] = [
        store(called, ir.Call(at(6), U64, inner, [read(a)]), 6),
        give(binary("+", read(called), ir.Convert(at(7), U64, item, "exact"), 8), 8),
    ]
    outer = function("outer", [a, b, words], U64, body, [called], exported=True)
    return program([inner, outer, endless(9)], types=TYPES)


@pytest.mark.parametrize(("name", "second"), COMPILERS)
def test_the_trap_table_names_file_line_and_kind(name: str, second: bool, tmp_path: Path) -> None:
    sites = read_traps(link(sample(), target_named(name), tmp_path, second)).values()
    found = {(site.file, site.line, site.kind) for site in sites}
    assert found == {
        ("made/by_hand.py", 3, TrapKind.OVERFLOW),
        ("made/by_hand.py", 7, TrapKind.BOUNDS),
        ("made/by_hand.py", 8, TrapKind.OVERFLOW),
    }
    assert str(min(sites, key=lambda site: site.line)) == "made/by_hand.py:3: arithmetic left its type"


@pytest.mark.parametrize("name", DEVICES)
def test_each_site_is_the_trap_instruction_itself(name: str, tmp_path: Path) -> None:
    target = target_named(name)
    elf = link(sample(), target, tmp_path)
    listing = disassembly(elf, target)
    code = {int(address, 16): name for address, name in re.findall(r"^\s*([0-9a-f]+):\s+(\S+)", listing, re.MULTILINE)}
    for address in read_traps(elf):
        assert code[address] == target.trap_instruction.split()[0]


@pytest.mark.parametrize("name", DEVICES)
def test_no_segment_is_writable_and_executable(name: str, tmp_path: Path) -> None:
    text = run_tool("llvm-readelf-19", "-lW", link(sample(), target_named(name), tmp_path))
    loads = [line.split() for line in text.splitlines() if line.strip().startswith("LOAD")]
    # GNU's linker keeps a segment that nothing is in.
    loads = [load for load in loads if int(load[5], 16) > 0]
    flags = ["".join(word for word in load[6:-1]) for load in loads]
    assert len(flags) == 2 and not any("W" in flag and "E" in flag for flag in flags)


@pytest.mark.parametrize(("name", "second"), COMPILERS)
def test_a_kernel_call_is_one_instruction_with_its_words_in_registers(name: str, second: bool, tmp_path: Path) -> None:
    words = StructType("Words", "by_hand", "by_hand__Words")
    words.fields["w"] = Field("w", TYPES.array(U64, 8), None)
    pair, pointer = TYPES.tuple((U64, U64)), TYPES.pointer(words)
    handle, reply, message = parameter("handle"), parameter("reply"), parameter("message", pointer)
    result = local("result", pair)
    call = ir.Intrinsic(at(3), pair, "kernel_call", [read(handle), read(reply), read(message)], (5,))
    body: list[ir.Statement] = [store(result, call, 3), give(ir.TupleItem(at(4), U64, read(result), 1), 4)]
    made = function("ask", [handle, reply, message], U64, body, [result], exported=True)
    target = target_named(name)
    elf = link(program([made, endless(9)], types=TYPES, structs=[words]), target, tmp_path, second)
    lines = disassembly(elf, target).splitlines()
    # The last instruction of the sequence enters the kernel; the operation is part of it or of the one before.
    entering = re.findall(r'(?:volatile\("|\\n\\t)(\w+)', target.kernel_call)[-1]
    found = [index for index, line in enumerate(lines) if re.search(rf"\t{entering}\b", line)]
    assert len(found) == 1
    assert any(re.search(r"[\t #$,](0x5|5)$|[\t #$]0x5\b", line) for line in lines[found[0] - 1 : found[0] + 1])


def test_the_worst_stack_adds_the_frames_along_the_deepest_chain(tmp_path: Path) -> None:
    # A compiler that looks into functions which it does not inline may find that nothing needs these frames.
    target = next(target for target in map(target_named, DEVICES) if target.compiler.startswith("clang"))
    x = parameter("x")
    rows = TYPES.array(U64, 32)

    def frame(name: str, below: list[ir.Function]) -> ir.Function:
        room = local("room", rows)
        element = ir.ElementPlace(at(3), U64, place(room), binary("%", read(x), number(32), 3, checked=False), True)
        calls: list[ir.Statement] = [
            ir.Store(at(4), element, ir.Call(at(4), U64, callee, [ir.Load(at(4), U64, element)])) for callee in below
        ]
        fill = ir.Store(at(2), place(room), ir.Zero(at(2), rows))
        made = function(name, [x], U64, [fill, *calls, give(ir.Load(at(5), U64, element))], [room])
        made.noinline = True
        return made

    leaf = frame("leaf", [])
    middle = frame("middle", [leaf])
    top = frame("top", [middle, leaf])
    again = function("again", [x], U64, [], exported=True)
    again.body = [give(ir.Call(at(8), U64, again, [read(x)]), 8)]
    top.exported = "top"
    whole = program([leaf, middle, top, again, endless(9)], types=TYPES)
    link(whole, target, tmp_path)
    report = worst_stacks(whole, tmp_path / "program.su")
    assert report.deepest["top"] == ["top", "middle", "leaf"]
    needed = report.entries["top"]
    assert needed is not None and 3 * 256 <= needed < 3 * 256 + 300
    assert report.entries["again"] is None
