"""Compiles everything an image holds: the kernel for a board, and each program with the services placed inside it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Final, TypeAlias

from metal.compiler.build import Built, Request, build_program, find_built
from metal.compiler.diagnostics import Diagnostics
from metal.compiler.interfaces import entry_source, placement_source
from metal.compiler.layout import program_script
from metal.compiler.options import Options
from metal.compiler.tools import BuildError
from metal.targets import target_named
from metal.targets.target import Target
from motet.errors import CompileError, Diagnosed, MotetError, Place, Refusals, ToolError
from motet.faults import GENERATED
from motet.image import KernelLayout, kernel_layout
from motet.paths import CACHE, ROOT
from motet.plan.board import Board
from motet.plan.image import Image, Program
from motet.process import die_with_parent
from motet.terminal import note, progress

KERNEL: Final = "kernel"
ENTRY: Final = "system.runtime.entry"
PLACED: Final = "system.runtime.placed"
START: Final = "system.runtime.start"
BACKTRACE: Final = "system.supervisor.backtrace"
DEBUGGED_BASE: Final = 0x2000_0000


@dataclass(frozen=True)
class Mistake:
    """One refusal of the compiler, drawn."""

    code: str
    text: str


Result: TypeAlias = "tuple[str, Built | list[Mistake] | BuildError]"


@dataclass(frozen=True)
class Programs:
    """What was built for an image, by name; `kernel` apart."""

    kernel: Built
    layout: KernelLayout
    programs: dict[str, Built]

    @property
    def fresh(self) -> list[str]:
        """What had to be compiled, as opposed to found."""
        return [name for name, built in {KERNEL: self.kernel, **self.programs}.items() if built.fresh]


def build_image(image: Image, board: Board, cpus: int, debugged: str | None = None) -> Programs:
    """Builds the kernel and every program; what was built before from the same sources is only looked up.

    `debugged` names a program to be stepped through: compiled for that, at addresses no other program has.
    """
    layout = kernel_layout(board)
    requests = {KERNEL: kernel_request(board, layout, cpus)}
    errors: list[MotetError] = []
    for program in image.programs:
        try:
            request = program_request(program, board)
            requests[program.name] = for_debugger(request) if program.name == debugged else request
        except MotetError as error:
            errors.append(error)
    if errors:
        raise Refusals(errors) if len(errors) > 1 else errors[0]
    built = build_all(requests)
    return Programs(built.pop(KERNEL), layout, built)


# The roads of calls, signals, faults, interrupts and mappings, and what reads the whole device tree at boot.
OFTEN: Final = (
    "kernel.arch", "kernel.boot.device_tree", "kernel.casts", "kernel.current", "kernel.handles", "kernel.lending",
    "kernel.lock", "kernel.memory", "kernel.messages", "kernel.objects.endpoint", "kernel.objects.notification",
    "kernel.objects.reply", "kernel.objects.space", "kernel.queues", "kernel.refills", "kernel.removal", "kernel.road",
    "kernel.scheduler", "kernel.teardown", "kernel.tree", "kernel.trap", "kernel.waiting",
)  # fmt: skip


def kernel_request(board: Board, layout: KernelLayout, cpus: int, define: dict[str, int] | None = None) -> Request:
    """The kernel for a board's processor family and a number of CPUs; `define` changes further constants of it."""
    return Request(
        entry="kernel.main",
        roots=(ROOT,),
        target=target_named(board.target),
        options=Options(
            replace={
                "kernel.arch.chosen": f"kernel.arch.{board.target}",
                "kernel.chips.chosen": layout.chips,
                **layout.parts,
            },
            define={"kernel.limits.CPUS": cpus, **(define or {})},
            kernel=True,
            often=OFTEN,
        ),
        link=layout.script,
    )


def program_request(program: Program, board: Board) -> Request:
    """A program: its own module behind the start of the runtime."""
    module, folder = module_of(program.file)
    source = program.file.read_text(encoding="utf-8", errors="replace")
    roots = tuple(dict.fromkeys((folder, ROOT)))
    if "metal_start" in source:
        # Programs that bring their own start (root, test programs for the kernel) are compiled as they stand.
        return Request(entry=module, roots=roots, target=target_named(board.target))
    try:
        entry = entry_source(module, source)
    except SyntaxError:
        # The compiler says it better, with every other mistake of the file.
        return Request(entry=module, roots=roots, target=target_named(board.target))
    except ValueError as problem:
        raise CompileError(str(problem), place=Place(program.file), code="P021") from None
    instead = {ENTRY: generated(entry)}
    if program.inside:
        placed = [module_of(file) for file in program.inside]
        roots = tuple(dict.fromkeys((*roots, *(folder for _, folder in placed))))
        instead[PLACED] = generated(placement_source([module for module, _ in placed]))
    return Request(
        entry=START,
        roots=(*roots, generated_folder()),
        target=target_named(board.target),
        options=Options(replace=instead, define=frame_constants(target_named(board.target))),
    )


def frame_constants(target: Target) -> dict[str, int]:
    """What the supervisor must know of a machine's frames to follow them."""
    constants = {f"{BACKTRACE}.FRAME_RECORD": target.frame_record}
    if target.prologue is not None:
        constants |= {f"{BACKTRACE}.{name.upper()}": value for name, value in vars(target.prologue).items()}
    return constants


def for_debugger(request: Request) -> Request:
    """The same program for stepping, where a breakpoint's address means this program and no other."""
    options = replace(request.options, debug=True)
    return replace(request, options=options, link=program_script(request.target, DEBUGGED_BASE), optimize="g")


def module_of(file: Path) -> tuple[str, Path]:
    """The module name of a source file, and the folder its imports start from."""
    whole = file.resolve()
    if whole.is_relative_to(ROOT):
        parts = whole.relative_to(ROOT).with_suffix("").parts
        if all(part.isidentifier() for part in parts):
            return ".".join(parts), ROOT
    if not whole.stem.isidentifier():
        raise CompileError(
            f'the file name "{whole.name}" cannot be imported as a module', place=Place(file),
            cure="use letters, digits and _ only, and no digit first", code="P022",
        )  # fmt: skip
    return whole.stem, whole.parent


def generated_folder() -> Path:
    """Where modules that we write lie; their names come from their content."""
    return CACHE / "generated"


def generated(source: str) -> str:
    """Keeps a module that we wrote and gives its name."""
    name = f"{GENERATED}{hashlib.sha256(source.encode()).hexdigest()[:16]}"
    file = generated_folder() / f"{name}.py"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        temporary = file.with_suffix(f".{os.getpid()}")
        temporary.write_text(source, encoding="utf-8")
        temporary.replace(file)
    return name


def build_all(requests: dict[str, Request]) -> dict[str, Built]:
    """Looks every program up, and compiles the missing ones side by side."""
    built: dict[str, Built] = {}
    missing: dict[str, Request] = {}
    try:
        for name, request in requests.items():
            found = find_built(request)
            if found is None:
                missing[name] = request
            else:
                built[name] = found
    except BuildError as problem:
        raise ToolError(str(problem)) from None
    if missing:
        built.update(compile_missing(missing))
    return built


def compile_missing(missing: dict[str, Request]) -> dict[str, Built]:
    """Compiles several programs, one in each process; every program's mistakes are told."""
    with progress(f"compiling {', '.join(missing)}"):
        results = compile_side_by_side(missing) if len(missing) > 1 else list(map(compile_one, missing.items()))
    refuse_failures(results)
    return {name: result for name, result in results if isinstance(result, Built)}


def compile_side_by_side(missing: dict[str, Request]) -> list[Result]:
    """One process for each processor; when one of them is lost, the work is done here instead."""
    workers = min(len(missing), len(os.sched_getaffinity(0)))
    try:
        with ProcessPoolExecutor(workers, get_context("fork"), initializer=die_with_parent) as pool:
            return list(pool.map(compile_one, missing.items()))
    except BrokenProcessPool:
        note("a compiling process was ended from outside (out of memory?); compiling one program at a time")
    except OSError as problem:
        # Processes share their work through semaphores, for which some containers lack the place.
        note(f"compiling one program at a time: processes cannot share work ({problem}); is /dev/shm writable?")
    return list(map(compile_one, missing.items()))


def compile_one(item: tuple[str, Request]) -> Result:
    """One program: what was built, the mistakes found, or a tool's failure."""
    name, request = item
    try:
        return name, build_program(request)
    except Diagnostics as found:
        return name, [Mistake(each.code, each.draw()) for each in found.sorted()]
    except BuildError as problem:
        return name, problem


def refuse_failures(results: Iterable[Result]) -> None:
    """Raises what went wrong; a mistake in a module that several programs share is told once."""
    mistakes: dict[Mistake, None] = {}
    for _, result in results:
        if isinstance(result, BuildError):
            raise ToolError(str(result))
        if isinstance(result, list):
            mistakes.update(dict.fromkeys(result))
    if mistakes:
        code = next(iter(mistakes)).code
        count = f"{len(mistakes)} mistake{'s' if len(mistakes) > 1 else ''}; motet explain {code} tells more"
        raise Diagnosed("\n\n".join([*(mistake.text for mistake in mistakes), count]))
