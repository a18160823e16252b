"""A common mistake: missing power."""

from metal import mmio_write32, u64


def poke(address: u64) -> None:
    mmio_write32(address, 1)
