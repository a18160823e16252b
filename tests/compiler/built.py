"""Programs written by hand, compiled for this machine and loaded, for tests of the back end."""

from __future__ import annotations

import json
from pathlib import Path

from metal.compiler import ir
from metal.compiler.build import Built, c_flags
from metal.compiler.emit.interface import describe_interface
from metal.compiler.emit.program import emit_program
from metal.compiler.harness import Program
from metal.compiler.rules import violations
from metal.compiler.tools import run_tool
from metal.targets import target_named

RUNTIME = Path(__file__).resolve().parents[2] / "metal" / "compiler" / "runtime"


def compile_by_hand(program: ir.Program, folder: Path, compiler: str = "clang-19", optimize: str = "1") -> Program:
    """Checks the rules, emits, compiles and loads a program."""
    assert violations(program) == []
    target = target_named("host")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "program.c").write_text(emit_program(program, target, shims=True))
    (folder / "interface.json").write_text(json.dumps(describe_interface(program)))
    run_tool(
        compiler, *c_flags(target, optimize=optimize), "-shared", "program.c", RUNTIME / "host.c", "-o", "program.so",
        folder=folder,
    )  # fmt: skip
    return Program(Built(folder, folder / "program.so", folder / "program.c", (), True))
