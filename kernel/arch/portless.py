"""The part of the contract that speaks of ports, for families whose devices have memory and nothing else."""

from typing import Final

from metal import u64

PORTS: Final = 0


def read_port(port: u64, size: u64) -> u64:
    """There is no port to read."""
    return 0


def write_port(port: u64, size: u64, value: u64) -> None:
    """There is no port to write."""
