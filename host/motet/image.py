"""The bootable file: the kernel's memory with its bundle behind it, as flat bytes or as one ELF segment."""

from __future__ import annotations

import runpy
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from elftools.elf.elffile import ELFFile
from elftools.elf.segments import Segment

from motet.errors import MotetError
from motet.paths import ROOT
from motet.plan.board import Board


@dataclass(frozen=True)
class KernelLayout:
    """How the kernel for a board is linked: written by the port, in kernel/arch/FAMILY/link.py."""

    script: str
    # Where the kernel wants to be told how long the whole file is, if it does.
    size_offset: int | None
    chips: str
    # Modules of the kernel that the family has its own of.
    parts: dict[str, str]


def kernel_layout(board: Board) -> KernelLayout:
    """Reads the port's layout; the file is plain constants, so running it alone is enough."""
    file = ROOT / "kernel" / "arch" / board.target / "link.py"
    if not file.is_file():
        raise MotetError(f"the kernel has no port to {board.target} yet", cure="give another board: --on")
    constants = runpy.run_path(str(file))
    return KernelLayout(
        script=f"LOAD = {board.load_address:#x};\n{constants['LINK_SCRIPT']}",
        size_offset=constants.get("SIZE_OFFSET"),
        chips=board.chips or str(constants.get("CHIPS", "kernel.chips.chosen")),
        parts=constants.get("PARTS", {}),
    )


def make_image(kernel: Path, bundle: bytes, layout: KernelLayout, form: str) -> bytes:
    """The file that a board's boot loader takes: "flat", or "elf" for those that load programs."""
    memory = kernel_memory(kernel, bundle, layout)
    return memory if form == "flat" else elf_image(kernel, memory)


def kernel_memory(kernel: Path, bundle: bytes, layout: KernelLayout) -> bytes:
    """The kernel's memory from first byte to last, zeros included, then the bundle; the header tells the size."""
    with kernel.open("rb") as file:
        parts = loaded_parts(ELFFile(file))
        start = min(int(part["p_paddr"]) for part in parts)
        end = max(int(part["p_paddr"]) + int(part["p_memsz"]) for part in parts)
        image = bytearray(end - start)
        for part in parts:
            offset = int(part["p_paddr"]) - start
            image[offset : offset + int(part["p_filesz"])] = part.data()
    image += bundle
    if layout.size_offset is not None:
        image[layout.size_offset : layout.size_offset + 8] = len(image).to_bytes(8, "little")
    return bytes(image)


# ELF-64 (System V ABI, "Object Files"): the file's header and one entry of its program headers, little endian.
FILE_HEADER: Final = struct.Struct("<16sHHIQQQIHHHHHH")
PROGRAM_HEADER: Final = struct.Struct("<IIQQQQQQ")
LOAD, NOTE, EXECUTABLE, ALL_ACCESS = 1, 4, 2, 7
SEGMENT_ALIGNMENT: Final = 0x1_0000


def elf_image(kernel: Path, memory: bytes) -> bytes:
    """The same memory as one segment of a program with the kernel's entry, and with the kernel's notes for loaders."""
    with kernel.open("rb") as file:
        elf = ELFFile(file)
        first = min(loaded_parts(elf), key=lambda part: int(part["p_paddr"]))
        virtual, physical = int(first["p_vaddr"]), int(first["p_paddr"])
        notes = [part for part in elf.iter_segments() if part["p_type"] == "PT_NOTE"]
        identification, machine = file_start(kernel)
        headers = [
            PROGRAM_HEADER.pack(
                LOAD, ALL_ACCESS, SEGMENT_ALIGNMENT, virtual, physical, len(memory), len(memory), SEGMENT_ALIGNMENT
            )
        ]
        for note in notes:
            # A note lies inside the loaded memory.
            offset = SEGMENT_ALIGNMENT + int(note["p_paddr"]) - physical
            size = int(note["p_filesz"])
            headers.append(
                PROGRAM_HEADER.pack(NOTE, 4, offset, int(note["p_vaddr"]), int(note["p_paddr"]), size, size, 4)
            )
        header = FILE_HEADER.pack(
            identification, EXECUTABLE, machine, 1, int(elf["e_entry"]), FILE_HEADER.size, 0, int(elf["e_flags"]),
            FILE_HEADER.size, PROGRAM_HEADER.size, len(headers), 0, 0, 0,
        )  # fmt: skip
    start = header + b"".join(headers)
    return start + bytes(SEGMENT_ALIGNMENT - len(start)) + memory


def file_start(path: Path) -> tuple[bytes, int]:
    """The identification of an ELF file and the number of its machine, as they stand there."""
    with path.open("rb") as file:
        identification, _, machine, *_ = FILE_HEADER.unpack(file.read(FILE_HEADER.size))
    return identification, machine


def loaded_parts(elf: ELFFile) -> list[Segment]:
    """The segments that occupy memory."""
    return [part for part in elf.iter_segments() if part["p_type"] == "PT_LOAD" and part["p_memsz"]]
