"""The beginning and the end of every program: first instruction, `main`, and its status to the supervisor."""

from __future__ import annotations

from typing import Final

from abi.kernel import NEVER, Call
from abi.start import LIFE, LIFE_EXIT
from metal import U64, Words, export, kernel_call, u8, u64
from system.runtime.arguments import Arguments
from system.runtime.entry import run
from system.runtime.output import metal_write
from system.runtime.placed import register_all
from system.runtime.program import adopt
from system.runtime.server import server

UNSAFE: Final = True


@export
def metal_start(argument: u64) -> None:
    """Called by the target's first instructions with what the program was started with."""
    adopt(argument)
    server.placing = True
    register_all()
    server.placing = False
    arguments = Arguments()
    leave(run(arguments))


def leave(status: u8) -> None:
    """Tells the supervisor that the program has ended, and never comes back."""
    words = Words()
    words.w[0] = LIFE_EXIT
    words.w[1] = U64(status)
    kernel_call(Call.CALL, LIFE, 0, words)
    while True:
        # Nobody ends this program: root, which nobody started, or one whose supervisor is gone.
        kernel_call(Call.WAIT_UNTIL, 0, NEVER, words)


# What the compiler makes of print, log and panic calls metal_write, so every program has it.
__all__ = ["metal_start", "metal_write"]
