"""What one instruction of Alpha is several of SW64: written out in assembly, before there are addresses.

Exclusive accesses have short offsets there, so their addresses are calculated first. An exclusive store (`stq_c`) tells
in its register whether it was done; SW64 wants a flag to be set before it, and tells in a flag behind it, each by an
instruction of its own that Alpha has not: they travel as words in an opcode that Alpha's compilers never use. Programs
are compiled with $28 kept free for that.
"""

from __future__ import annotations

import re
from typing import Final

from metal.targets.sw64.encoding import CARRIER, FIRST_SHIFT, OPCODE_SHIFT, REGISTER, SECOND_SHIFT

EXCLUSIVE: Final = re.compile(
    r"^(?P<lead>\s*(?:\w+:)?\s*)(?P<name>ld[lq]_l|st[lq]_c)\s+\$(?P<register>\d+)\s*,\s*(?P<address>\S.*)$",
    re.MULTILINE,
)
SCRATCH: Final = 28

# Functions of the group that the carrier stands for: read and write the flag.
READ_FLAG, WRITE_FLAG = 0x1000, 0x1020


def carried(function: int, register: int) -> str:
    """An instruction that Alpha has not, as a word."""
    word = CARRIER << OPCODE_SHIFT | register << FIRST_SHIFT | REGISTER << SECOND_SHIFT | function
    return f".long {word:#010x}"


def expand(assembly: str) -> str:
    """Assembly in which every instruction has a counterpart of one word."""
    return EXCLUSIVE.sub(expand_exclusive, assembly)


def expand_exclusive(found: re.Match[str]) -> str:
    """One exclusive access and what belongs to it, a line each."""
    address = f"lda ${SCRATCH}, {found['address']}"
    access = f"{found['name']} ${found['register']}, 0(${SCRATCH})"
    lines = [address, access]
    if found["name"].startswith("st"):
        set_flag = [f"lda ${SCRATCH}, 1($31)", carried(WRITE_FLAG, SCRATCH)]
        lines = [*set_flag, *lines, carried(READ_FLAG, int(found["register"]))]
    return found["lead"] + "\n\t".join(lines)
