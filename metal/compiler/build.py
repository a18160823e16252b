"""From Python source to a linked program: compile to C, compile that, link; each step once for the same inputs."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from metal.compiler.cache import REPOSITORY, Cache, compiler_digest, digest, file_digest
from metal.compiler.layout import program_script
from metal.compiler.options import Options
from metal.compiler.tools import run_tool, tool_stamp
from metal.targets.target import Target

if TYPE_CHECKING:
    from metal.compiler.ir import Program

RUNTIME = Path(__file__).resolve().parent / "runtime"

# The generated C relies on no undefined behaviour; these flags are a second belt, and the names of files stay relative.
_ALWAYS = (
    "-std=gnu11", "-g", "-gdwarf-4", "-ffreestanding", "-fwrapv", "-fno-strict-aliasing", "-fno-common", "-w",
    "-fno-delete-null-pointer-checks", "-ffp-contract=off",
    "-fno-asynchronous-unwind-tables", "-fno-stack-protector", f"-I{RUNTIME}",
)  # fmt: skip


@dataclass(frozen=True)
class Request:
    """A program to build."""

    entry: Path | str
    roots: tuple[Path, ...]
    target: Target
    options: Options = field(default_factory=Options)
    # A whole linker script instead of the target's own.
    link: str | None = None
    optimize: str = "2"
    # Of the C compiler, such as "address" or "undefined"; for host programs.
    sanitize: tuple[str, ...] = ()
    # Use the target's second compiler.
    second_compiler: bool = False
    # A host program becomes an executable that runs `main`, instead of a library for tests.
    executable: bool = False
    # A program that may be loaded anywhere: the places in its data that hold addresses stay listed in it.
    relocatable: bool = False
    # Libraries and objects of foreign functions.
    objects: tuple[Path, ...] = ()


@dataclass(frozen=True)
class Built:
    """A finished build: `program` is the ELF file or shared library, `source` the generated C."""

    folder: Path
    program: Path
    source: Path
    # Every file it was made of.
    inputs: tuple[Path, ...]
    # False when everything was found in the cache.
    fresh: bool
    # Wall seconds of the two halves; zero where nothing ran.
    front_seconds: float = 0.0
    c_seconds: float = 0.0

    def interface(self) -> dict[str, Any]:
        """What the program exports and how its types are laid out, for the test harness and for tools."""
        described: dict[str, Any] = json.loads((self.folder / "interface.json").read_text())
        return described

    def stacks(self) -> dict[str, int | None]:
        """The worst stack of each exported function in bytes; None where recursion or foreign code leaves it open."""
        report: dict[str, dict[str, int | None]] = json.loads((self.folder / "stack.json").read_text())
        return report["entries"]


def c_flags(
    target: Target, options: Options | None = None, optimize: str = "2", second_compiler: bool = False
) -> list[str]:
    """The flags of the C compiler for a target."""
    own = target.second_compiler_flags if second_compiler else target.compiler_flags
    flags = [*_ALWAYS, f"-O{optimize}", *target.flags, *own]
    if target.triple and not second_compiler:
        flags.append(f"--target={target.triple}")
    if options is not None and options.kernel:
        flags += target.kernel_flags
    return flags


def find_built(request: Request, cache: Cache | None = None) -> Built | None:
    """A finished build of the same sources by the same tools, if there is one. Runs no compiler and imports none."""
    found = (cache or Cache()).recall(_request_key(request))
    return None if found is None else _built(found.folder, request, found.inputs, fresh=False)


def build_program(request: Request, cache: Cache | None = None) -> Built:
    """Build a program, or find it built; raises `Diagnostics` (faulty source) or `BuildError` (faulty tools)."""
    cache = cache or Cache()
    found = find_built(request, cache)
    if found is not None:
        return found
    # Imported here, so that finding a finished build stays quick.
    from metal.compiler.emit.interface import describe_interface
    from metal.compiler.stack import worst_stacks

    started = time.perf_counter()
    program = _compile_to_ir(request)
    text = _emit(program, request)
    front_seconds = time.perf_counter() - started
    interface = json.dumps(describe_interface(program))
    objects = [file_digest(path) for path in request.objects]
    result = digest("result", text, interface, _compile_key(request), *objects, compiler_digest(), *_tools(request))

    def make(folder: Path) -> None:
        (folder / "program.c").write_text(text)
        (folder / "interface.json").write_text(interface)
        _compile(request, folder)
        report = worst_stacks(program, folder / "program.su", request.target.call_bytes)
        (folder / "stack.json").write_text(report.as_json())

    started = time.perf_counter()
    folder = cache.produce(result, make)
    inputs = (*(file.origin for file in program.files if file.origin is not None), *request.objects)
    cache.remember(_request_key(request), inputs, result)
    return _built(folder, request, inputs, True, front_seconds, time.perf_counter() - started)


def generate(request: Request) -> str:
    """The C of a program."""
    return _emit(_compile_to_ir(request), request)


def _compile_to_ir(request: Request) -> Program:
    from metal.compiler.diagnostics import Diagnostics
    from metal.compiler.pipeline import compile_program

    program = compile_program(request.entry, roots=list(request.roots), target=request.target, options=request.options)
    if isinstance(program, Diagnostics):
        raise program
    return program


def _emit(program: Program, request: Request) -> str:
    from metal.compiler.emit.program import emit_program

    # A kernel stays small, and code for a debugger has each line once.
    quick = not request.options.kernel and not request.options.debug and request.optimize in ("2", "3")
    return emit_program(
        program, request.target, shims=request.target.shared, executable=request.executable, two_loops=quick
    )


def _compiler(request: Request) -> str:
    return request.target.second_compiler if request.second_compiler else request.target.compiler


def _tools(request: Request) -> list[str]:
    return [tool_stamp(_compiler(request)), "" if request.target.shared else tool_stamp(request.target.linker)]


def _request_key(request: Request) -> str:
    return digest("request", _described(request), compiler_digest(), *_tools(request))


def _described(request: Request) -> str:
    return repr((
        str(request.entry), [str(root) for root in request.roots], request.target, request.options, request.link,
        request.optimize, request.sanitize, request.second_compiler, request.executable, request.relocatable,
        [str(path) for path in request.objects],
    ))  # fmt: skip


def _compile_key(request: Request) -> str:
    return repr((
        request.target, request.options.kernel, request.link, request.optimize, request.sanitize,
        request.second_compiler, request.executable, request.relocatable,
    ))  # fmt: skip


def _built(
    folder: Path, request: Request, inputs: tuple[Path, ...], fresh: bool,
    front_seconds: float = 0.0, c_seconds: float = 0.0,
) -> Built:  # fmt: skip
    return Built(folder, folder / _product(request), folder / "program.c", inputs, fresh, front_seconds, c_seconds)


def _product(request: Request) -> str:
    if not request.target.shared:
        return "program.elf"
    return "program" if request.executable else "program.so"


def _compile(request: Request, folder: Path) -> None:
    compiler = _compiler(request)
    # The same program wherever the checkout stands; a debugger looks for sources below its working directory.
    places = [
        f"-ffile-prefix-map={folder.resolve()}=.",
        f"-ffile-prefix-map={RUNTIME}={RUNTIME.relative_to(REPOSITORY)}",
    ]
    flags: Sequence[str] = [
        *c_flags(request.target, request.options, request.optimize, request.second_compiler),
        *(f"-fsanitize={name}" for name in request.sanitize),
        *(["-fno-sanitize-recover=all"] if request.sanitize else []),
        "-fstack-usage",
        *places,
    ]
    if request.target.translation:
        expand: Callable[[str], str] = import_module(request.target.translation).expand
        run_tool(compiler, *flags, "-S", "program.c", "-o", "program.s", folder=folder)
        (folder / "program.s").write_text(expand((folder / "program.s").read_text()))
        run_tool(compiler, *request.target.flags, "-c", "program.s", "-o", "program.o", folder=folder)
    else:
        run_tool(compiler, *flags, "-c", "program.c", "-o", "program.o", folder=folder)
    if request.target.shared:
        kind = ["-DMETAL_HOST_PROGRAM"] if request.executable else ["-shared", "-fPIC"]
        sanitize = [f"-fsanitize={name}" for name in request.sanitize]
        run_tool(
            compiler, "-g", "-O1", *places, *kind, *sanitize, "program.o", *request.objects, RUNTIME / "host.c",
            "-o", _product(request), folder=folder,
        )  # fmt: skip
    else:
        (folder / "program.ld").write_text(request.link or program_script(request.target))
        anywhere = ["-pie", "--no-dynamic-linker", "-z", "norelro"] if request.relocatable else []
        run_tool(
            request.target.linker, *anywhere, "-m", request.target.emulation, "-T", "program.ld", "--build-id=none",
            "program.o", *request.objects, "-o", _product(request), folder=folder,
        )  # fmt: skip
    if request.target.translation:
        translate: Callable[[bytes], bytes] = import_module(request.target.translation).translate
        program = folder / _product(request)
        program.write_bytes(translate(program.read_bytes()))
    (folder / "program.o").unlink()
