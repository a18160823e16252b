"""Builds a disk: for each board with such firmware, the loader with the board's kernel and programs inside."""

from __future__ import annotations

from pathlib import Path

from elftools.elf.elffile import ELFFile

from metal.compiler.build import Request, build_program
from metal.compiler.options import Options
from metal.targets import target_named
from motet.bundle import write_bundle
from motet.choice import Choice, choose
from motet.disk.executable import LINK_SCRIPT, System, efi_file, family_of
from motet.disk.image import write_disk
from motet.image import kernel_layout, kernel_memory, loaded_parts
from motet.paths import ROOT
from motet.plan.board import Board, family_boards
from motet.programs import build_image


def disk_boards() -> list[Board]:
    """One board of each family that UEFI firmware starts."""
    return [board for board in family_boards() if board.uefi is not None]


def build_disk(choice_of: Choice, disk: Path) -> list[str]:
    """Writes a disk that starts the same image on every such board; the names of the files in it."""
    files: dict[str, bytes] = {}
    for known in disk_boards():
        chosen = Choice(choice_of.what, choice_of.arguments, known.name, None, choice_of.cpus, choice_of.lines)
        board, image, cpus = choose(chosen)
        programs = build_image(image, board, cpus)
        executables = {name: built.program for name, built in programs.programs.items()}
        bundle = write_bundle(image, executables, target_named(board.target).page_bytes)
        name, data = boot_file(board, programs.kernel.program, bundle)
        files[name] = data
    write_disk(files, disk)
    return sorted(files)


def boot_file(board: Board, kernel: Path, bundle: bytes) -> tuple[str, bytes]:
    """The file that firmware of one family starts, with its name."""
    loader = build_program(loader_request(board)).program
    family = family_of(board.target)
    system = system_of(kernel, kernel_memory(kernel, bundle, kernel_layout(board)))
    return family.file_name, efi_file(loader, family, system)


def loader_request(board: Board) -> Request:
    """The loader of a family."""
    return Request(
        entry="loader.main",
        roots=(ROOT,),
        target=target_named(board.target),
        options=Options(replace={"loader.arch.chosen": f"loader.arch.{board.target}"}, kernel=True),
        link=LINK_SCRIPT,
        relocatable=True,
    )


def system_of(kernel: Path, memory: bytes) -> System:
    """A kernel's memory, where it belongs, and where it is entered, by physical addresses."""
    with kernel.open("rb") as file:
        elf = ELFFile(file)
        first = min(loaded_parts(elf), key=lambda part: int(part["p_paddr"]))
        virtual, physical = int(first["p_vaddr"]), int(first["p_paddr"])
        entry = int(elf["e_entry"])
    return System(memory, physical, entry - virtual + physical)
