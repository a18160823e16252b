"""Looking into the compiler: `python -m metal.compiler check|ir|c|build|stack FILE [--target NAME] [--root DIR]`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from metal.compiler.build import Request, build_program, generate
from metal.compiler.cache import REPOSITORY
from metal.compiler.diagnostics import Diagnostics
from metal.compiler.options import Options
from metal.compiler.tools import BuildError
from metal.targets import target_named, target_names


def arguments() -> argparse.ArgumentParser:
    """What the command line accepts."""
    parser = argparse.ArgumentParser(prog="python -m metal.compiler", description=__doc__)
    actions = ("check", "ir", "c", "build", "stack")
    parser.add_argument("action", choices=actions, help="how far to go, and what to show")
    parser.add_argument("file", type=Path, help="the program's entry module")
    parser.add_argument("--target", default="host", choices=target_names(), help="the machine to compile for")
    parser.add_argument("--root", type=Path, action="append", default=[], help="a folder that imports are looked up in")
    parser.add_argument("--all", action="store_true", help="keep functions of the module that nothing calls")
    parser.add_argument("--kernel", action="store_true", help="compile as a kernel: no floats, no recursion")
    parser.add_argument("--optimize", default="2", help="the C compiler's level: 0, 1, 2, s ...")
    parser.add_argument("--second-compiler", action="store_true", help="use the target's other C compiler")
    parser.add_argument("-o", "--output", type=Path, help="where the result goes")
    return parser


def main() -> int:
    """Runs one action; 1 means the source was refused, 2 that a tool failed."""
    chosen = arguments().parse_args()
    options = Options(kernel=chosen.kernel, all_functions=chosen.all)
    request = Request(
        chosen.file, (*chosen.root, chosen.file.parent, REPOSITORY), target_named(chosen.target), options,
        optimize=chosen.optimize, second_compiler=chosen.second_compiler,
    )  # fmt: skip
    try:
        return run(chosen.action, request, chosen.output)
    except Diagnostics as refused:
        print(refused.draw(), file=sys.stderr)
        return 1
    except (BuildError, OSError) as failed:
        print(failed, file=sys.stderr)
        return 2


def run(action: str, request: Request, output: Path | None) -> int:
    """One action on one program."""
    if action == "build":
        built = build_program(request)
        if output is not None:
            output.write_bytes(built.program.read_bytes())
            output.chmod(0o755)
        print(output or built.program)
        return 0
    if action == "stack":
        stacks = build_program(request).stacks()
        rows = [f"{'unbounded' if size is None else size:>9}  {name}" for name, size in sorted(stacks.items())]
        text = "\n".join(rows) + "\n"
    elif action == "c":
        text = generate(request)
    else:
        from metal.compiler.pipeline import compile_program
        from metal.compiler.rules import violations
        from metal.compiler.show import show_program

        program = compile_program(
            request.entry, roots=list(request.roots), target=request.target, options=request.options
        )
        if isinstance(program, Diagnostics):
            raise program
        broken = violations(program)
        print("\n".join(broken), end="\n" if broken else "", file=sys.stderr)
        text = show_program(program) if action == "ir" else ""
    if output is not None:
        output.write_text(text)
    else:
        print(text, end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
