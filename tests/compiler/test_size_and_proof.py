"""What the generated C tells the C compiler beyond its meaning: which pointers are never None, and what runs often."""

from __future__ import annotations

import re
from pathlib import Path

from metal.compiler.build import Request, build_program, generate
from metal.compiler.cache import Cache
from metal.compiler.options import Options
from metal.compiler.tools import run_tool
from metal.targets import target_named

ENTRY = """\
from helper import seldom
from metal import Ptr, export, ptr_at, struct, u64

UNSAFE = True


@struct
class Cell:
    value: u64 = 0


def perhaps(cell: Ptr[Cell] | None) -> Ptr[Cell] | None:
    return cell


@export
def read(address: u64) -> u64:
    cell = perhaps(ptr_at(Cell, address))
    if cell is None:
        return 1
    return cell.value


@export
def metal_start(argument: u64) -> None:
    seldom(argument)
"""
HELPER = """\
from metal import u64


def seldom(value: u64) -> u64:
    return value + 1
"""


def request(folder: Path, options: Options) -> Request:
    (folder / "entry.py").write_text(ENTRY.replace("UNSAFE = True", "from typing import Final\n\nUNSAFE: Final = True"))
    (folder / "helper.py").write_text(HELPER)
    return Request(entry="entry", roots=(folder,), target=target_named("host"), options=options)


def instructions(program: Path, function: str) -> list[str]:
    """The mnemonics of a function."""
    shown = run_tool("llvm-objdump-19", "-d", "--no-show-raw-insn", f"--disassemble-symbols={function}", str(program),
                     folder=program.parent)  # fmt: skip
    return re.findall(r"^\s*[0-9a-f]+:\s+(\S+)", shown, re.MULTILINE)


def test_a_struct_at_an_address_is_not_compared_with_none(tmp_path: Path) -> None:
    built = build_program(request(tmp_path, Options()), Cache(tmp_path / "cache"))
    found = instructions(built.program, "read")
    assert found and not [name for name in found if name.startswith(("j", "cb", "tb", "b."))], found


def test_where_some_modules_run_often_the_others_are_compiled_for_size(tmp_path: Path) -> None:
    assert "METAL_SMALL" not in generate(request(tmp_path, Options()))
    text = generate(request(tmp_path, Options(often=("entry",))))
    small = [line for line in text.splitlines() if "METAL_SMALL" in line]
    assert any("helper__seldom" in line for line in small)
    assert not any("entry__" in line for line in small)
