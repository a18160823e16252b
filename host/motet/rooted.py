"""Builds a kernel with one root program, boots it in the emulator, and gives back what it said."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from metal.compiler.build import Built, Request, build_program
from metal.compiler.options import Options
from metal.targets import target_named
from motet.bundle import lay_bundle
from motet.emulator import Settings, command_line
from motet.image import kernel_layout
from motet.image import make_image as lay_image
from motet.paths import ROOT
from motet.plan.board import Board, find_board
from motet.programs import kernel_request

LAST_LINES = 30
# What programs for machines say in assembly, one module a CPU family.
PROBES = ("tests.machine.probes", "benches.kernel.probes")


@dataclass(frozen=True)
class Machine:
    """A machine to boot."""

    board: str = field(default_factory=lambda: find_board(None).name)
    memory: int = 128 << 20
    cpus: int = 1
    # How many the kernel is built for; it may be more than the machine has.
    built_for: int = 1
    extra: tuple[str, ...] = ()
    define: dict[str, int] = field(default_factory=dict[str, int])
    # Constants of the root program.
    root_define: dict[str, int] = field(default_factory=dict[str, int])

    def __str__(self) -> str:
        built = f", built for {self.built_for}" if self.built_for != self.cpus else ""
        return f"{self.board}, {self.memory >> 20} MiB, {self.cpus} CPUs{built}"


@dataclass(frozen=True)
class Run:
    """How a machine ended, and what it said."""

    status: int | None
    lines: list[str]

    def last(self) -> str:
        """The last lines, for a person to look at."""
        ended = "did not end in time" if self.status is None else f"ended with status {self.status}"
        return "\n".join(["the machine " + ended + "; its last lines:", *self.lines[-LAST_LINES:]])


def probes_of(board: Board, room: str) -> str:
    """The module of a room for a board: its own where it has one, else its family's."""
    own = ROOT / room.replace(".", "/") / f"{board.name}.py"
    return board.name if own.is_file() else board.target


def root_request(board: Board, module: str, define: dict[str, int]) -> Request:
    """A root program that brings its own start."""
    return Request(
        entry=module,
        roots=(ROOT,),
        target=target_named(board.target),
        options=Options(
            replace={f"{room}.chosen": f"{room}.{probes_of(board, room)}" for room in PROBES},
            include=("tests.machine.suite.report",),
            define=define,
        ),
    )


@lru_cache(maxsize=32)
def build(
    board_name: str,
    module: str,
    built_for: int,
    define: tuple[tuple[str, int], ...],
    root_define: tuple[tuple[str, int], ...] = (),
) -> tuple[Built, Built]:
    """The kernel and the root program."""
    board = find_board(board_name)
    layout = kernel_layout(board)
    kernel = build_program(kernel_request(board, layout, built_for, define=dict(define)))
    return kernel, build_program(root_request(board, module, dict(root_define)))


def build_for(machine: Machine, module: str) -> tuple[Built, Built]:
    """The kernel and the root program of a machine."""
    return build(
        machine.board,
        module,
        machine.built_for,
        tuple(sorted(machine.define.items())),
        tuple(sorted(machine.root_define.items())),
    )


def make_image(machine: Machine, module: str, folder: Path) -> tuple[Board, Path]:
    """The file a machine boots."""
    board = find_board(machine.board)
    kernel, root = build_for(machine, module)
    image = folder / "machine.img"
    bundle = lay_bundle([("root", root.program)], target_named(board.target).page_bytes)
    image.write_bytes(lay_image(kernel.program, bundle, kernel_layout(board), board.image_format))
    return board, image


def boot(machine: Machine, module: str, folder: Path, seconds: float = 60) -> Run:
    """Builds and boots a module as root; after the time is over the emulator, and only this one, is killed."""
    board, image = make_image(machine, module, folder)
    return run_image(machine, board, image, seconds)


def run_image(machine: Machine, board: Board, image: Path, seconds: float) -> Run:
    """Starts the emulator with a finished image."""
    command = command_line(board, image, Settings(machine.memory, machine.cpus, extra=list(machine.extra)))
    if machine.cpus == 1 and board.emulator.counts:
        # Time is the number of executed instructions, so that a run does not depend on what else this machine does.
        command += ["-icount", "shift=0,sleep=off"]
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True
    ) as process:
        try:
            output, _ = process.communicate(timeout=seconds)
            status: int | None = board.emulator.status_of(process.returncode)
        except subprocess.TimeoutExpired:
            process.kill()
            output, _ = process.communicate()
            status = None
    return Run(status, output.decode(errors="replace").replace("\r", "").splitlines())
