"""The kernel's last words: print what failed, leave an epitaph that survives the restart, and end as the image says."""

from __future__ import annotations

from typing import Final

from abi.boot import EPITAPH_MAGIC, EPITAPH_TOLD, Epitaph
from abi.bundle import RESTART
from kernel.arch.chosen import restart_machine, stop
from kernel.casts import epitaph_at
from kernel.chips.chosen import clock_now
from metal import U32, Ptr, View, as_text, export, foreign, log, u8, u64

FOREIGN: Final = True
FAILED_STATUS: Final = 134

epitaph_address: u64 = 0  # in the direct map; 0 while there is no place for it
on_failure: u64 = 0
failing: bool = False


@foreign
def metal_trap_lookup(pc: u64) -> u64:
    """What check stands at an address: kind above 48, file above 32, line; 0: none."""
    ...


@foreign
def metal_file_name(file: u64) -> View[u8]:
    """The name of a source file by its number."""
    ...


def keep_epitaph_at(address: u64) -> None:
    """Name the place of the epitaph: memory that nothing else uses and no start clears."""
    global epitaph_address
    epitaph_address = address


def set_policy(policy: u64) -> None:
    """What the image wants a failed kernel to do."""
    global on_failure
    on_failure = policy


@export
def kernel_failed(pc: u64, syndrome: u64, address: u64) -> None:
    """A check of the kernel failed, or the kernel itself faulted. A failure while failing only stops."""
    global failing
    if failing:
        stop(FAILED_STATUS)
    failing = True
    found = metal_trap_lookup(pc)
    if found != 0:
        name = as_text(metal_file_name((found >> 32) & 0xFFFF))
        log(f"kernel failed: {name}:{found & 0xFFFF_FFFF}: {cause(found >> 48)}")
    else:
        log(f"kernel failed: fault {syndrome:x} at {pc:x}, address {address:x}")
    if epitaph_address != 0:
        write_epitaph(epitaph_at(epitaph_address), found, pc, address)
    if on_failure == RESTART:
        restart_machine()
    stop(FAILED_STATUS)


def cause(kind: u64) -> str:
    """What a failed check found; the kinds are those of metal.types.traps."""
    match kind:
        case 1:
            return "arithmetic left its type"
        case 2:
            return "an index is out of range"
        case 3:
            return "a division by zero"
        case 4:
            return "a value does not fit its new type"
        case 5:
            return "a shift by too many bits"
        case 6:
            return "an assertion failed"
        case 9:
            return "a slice is out of range"
        case 8:
            return "it cannot go on"
        case _:
            return "what cannot happen happened"


def write_epitaph(epitaph: Ptr[Epitaph], found: u64, pc: u64, address: u64) -> None:
    """Leave for the next start what happened."""
    restarts: u64 = 0
    if epitaph.magic == EPITAPH_MAGIC or epitaph.magic == EPITAPH_TOLD:
        restarts = epitaph.restarts
    epitaph.magic = EPITAPH_MAGIC
    epitaph.kind = U32(found >> 48)
    epitaph.line = U32(found & 0xFFFF_FFFF)
    epitaph.file = U32((found >> 32) & 0xFFFF)
    epitaph.counter = pc
    epitaph.address = address
    epitaph.time = clock_now()
    epitaph.restarts = restarts + 1
