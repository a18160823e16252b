"""Which source files an image is made of, and how much of its code came from each."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from elftools.dwarf.lineprogram import LineProgram
from elftools.elf.elffile import ELFFile

from metal.compiler.build import Built
from motet.certify.evidence import Source
from motet.certify.inputs import file_sha256
from motet.paths import ROOT
from motet.programs import KERNEL, Programs


def read_sources(programs: Programs) -> list[Source]:
    """The sources of the kernel and of every program, each once; a file that both hold counts its code for both."""
    kernel = set(programs.kernel.inputs)
    files = {*kernel, *(path for built in programs.programs.values() for path in built.inputs)}
    code: Counter[str] = Counter()
    for built in {KERNEL: programs.kernel, **programs.programs}.values():
        code += code_by_file(built)
    known = {source_name(path): path for path in files}
    return [
        Source(name, file_sha256(path), lines_of(path), code[name], room_of(name), path in kernel)
        for name, path in sorted(known.items())
    ]


def lines_of(path: Path) -> int:
    """How many lines a file has, blank ones and comments included."""
    return len(path.read_bytes().splitlines())


def source_name(path: Path) -> str:
    """A file's name below the tree; modules that the build wrote are named alone."""
    whole = path.resolve()
    return (
        whole.relative_to(ROOT).as_posix() if whole.is_relative_to(ROOT) and ".motet" not in whole.parts else whole.name
    )


def room_of(name: str) -> str:
    """Whether a file belongs to one family, to chips that families share, or to all."""
    if name.startswith("kernel/arch/") and name.count("/") > 2:
        return "family"
    return "chips" if name.startswith("kernel/chips/") else "portable"


def code_by_file(built: Built) -> Counter[str]:
    """The bytes of machine code of each source, by the program's line table."""
    found: Counter[str] = Counter()
    with built.program.open("rb") as file:
        elf = ELFFile(file)
        if not elf.has_dwarf_info():
            return found
        information = elf.get_dwarf_info()
        for unit in information.iter_CUs():
            program = information.line_program_for_CU(unit)
            if program is not None:
                found += code_of_unit(program)
    return found


def code_of_unit(program: LineProgram) -> Counter[str]:
    """Each row of the table counts the bytes up to the next row of its sequence."""
    found: Counter[str] = Counter()
    names = file_names(program)
    previous = None
    for entry in program.get_entries():
        state = entry.state
        if state is None:
            continue
        if previous is not None:
            found[names.get(previous.file, "")] += state.address - previous.address
        previous = None if state.end_sequence else state
    return found


def file_names(program: LineProgram) -> dict[int, str]:
    """The table's files by number, as names below the tree."""
    header = program["version"], program["file_entry"], program["include_directory"]
    version, files, folders = header
    first = 0 if version >= 5 else 1
    names: dict[int, str] = {}
    for number, file in enumerate(files, start=first):
        folder = folders[file.dir_index - first].decode() if file.dir_index >= first and folders else ""
        names[number] = f"{folder}/{file.name.decode()}".removeprefix("./").removeprefix("/")
    return names
