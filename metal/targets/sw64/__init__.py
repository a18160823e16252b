"""64-bit SW64 (the third core), bare: kernel and programs of a device, made by Alpha's compiler and translated.

No compiler for SW64 can be had; Alpha's makes the same registers, the same calls and the same formats.
"""

from dataclasses import replace

from metal.targets.alpha import TARGET as ALPHA
from metal.targets.sw64.assembly import expand
from metal.targets.sw64.program import translate

__all__ = ["TARGET", "expand", "translate"]

TARGET = replace(
    ALPHA,
    name="sw64",
    flags=(*ALPHA.flags, "-ffixed-$28"),
    # bpt: firmware knows no bugchk.
    trap_instruction="call_pal 0x80",
    translation="metal.targets.sw64",
)
