"""Stands in for the supervisor, and fails at once, at an address that tells what it was given."""

from typing import Final

from abi.rights import MACHINE_INSPECT, MACHINE_LOCATE, MACHINE_POWER, MACHINE_TIME, MEMORY_EXECUTE, MEMORY_READ
from abi.start import MACHINE
from metal import U64, raw, u64
from system.processes.handles import BUNDLE_SLOT, REGIONS_SLOT
from system.runtime.calls import rights_of

UNSAFE: Final = True

NOWHERE: Final = 0x7F00_0000_0000


def main() -> None:
    """Reads what is not there."""
    beyond: u64 = rights_of(MACHINE) & ~U64(MACHINE_POWER | MACHINE_TIME | MACHINE_INSPECT | MACHINE_LOCATE)
    beyond |= rights_of(BUNDLE_SLOT) & ~U64(MEMORY_READ | MEMORY_EXECUTE)
    beyond |= rights_of(REGIONS_SLOT)
    print(f"{raw(u64, NOWHERE + beyond)[0]}")
