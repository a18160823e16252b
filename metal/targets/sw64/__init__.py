"""64-bit SW64 (the third core), bare: kernel and programs of a device, made by Alpha's compiler and translated.

No compiler for SW64 can be had; Alpha's makes the same registers, the same calls and the same formats.
"""

from dataclasses import replace

from metal.targets.alpha import TARGET as ALPHA
from metal.targets.sw64.assembly import expand
from metal.targets.sw64.encoding import encode
from metal.targets.sw64.program import translate
from metal.targets.target import Prologue

__all__ = ["TARGET", "expand", "translate"]


def translated(prologue: Prologue) -> Prologue:
    """How functions begin: the same instructions in SW64's words."""
    return Prologue(
        make_room=encode(prologue.make_room << 16) >> 16,
        save_return=encode(prologue.save_return << 16) >> 16,
        save_frame=encode(prologue.save_frame << 16) >> 16,
        set_frame=encode(prologue.set_frame),
    )


TARGET = replace(
    ALPHA,
    name="sw64",
    flags=(*ALPHA.flags, "-ffixed-$28"),
    # Firmware knows no bugchk.
    trap_instruction="bpt",
    prologue=None if ALPHA.prologue is None else translated(ALPHA.prologue),
    translation="metal.targets.sw64",
)
