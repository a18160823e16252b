"""The bootable file: the kernel as flat bytes with its bundle behind it."""

from __future__ import annotations

import runpy
from dataclasses import dataclass
from pathlib import Path

from elftools.elf.elffile import ELFFile

from motet.errors import MotetError
from motet.paths import ROOT


@dataclass(frozen=True)
class KernelLayout:
    """How the kernel of one family is linked: written by the port, in kernel/arch/FAMILY/link.py."""

    script: str
    size_offset: int
    chips: str


def kernel_layout(target: str) -> KernelLayout:
    """Reads the port's layout; the file is plain constants, so running it alone is enough."""
    file = ROOT / "kernel" / "arch" / target / "link.py"
    if not file.is_file():
        raise MotetError(f"the kernel has no port to {target} yet", cure="give another board: --on")
    constants = runpy.run_path(str(file))
    return KernelLayout(
        script=str(constants["LINK_SCRIPT"]),
        size_offset=int(constants["SIZE_OFFSET"]),
        chips=str(constants.get("CHIPS", "kernel.chips.chosen")),
    )


def flat_image(kernel: Path, bundle: bytes, layout: KernelLayout) -> bytes:
    """The kernel's memory from first byte to last, zeros included, then the bundle; the header tells the size."""
    with kernel.open("rb") as file:
        elf = ELFFile(file)
        parts = [part for part in elf.iter_segments() if part["p_type"] == "PT_LOAD" and part["p_memsz"]]
        start = min(int(part["p_paddr"]) for part in parts)
        end = max(int(part["p_paddr"]) + int(part["p_memsz"]) for part in parts)
        image = bytearray(end - start)
        for part in parts:
            offset = int(part["p_paddr"]) - start
            image[offset : offset + int(part["p_filesz"])] = part.data()
    image += bundle
    image[layout.size_offset : layout.size_offset + 8] = len(image).to_bytes(8, "little")
    return bytes(image)
