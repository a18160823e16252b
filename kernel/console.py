"""What the kernel says: plain bytes on the machine's console, for the boot and for a failure only."""

from __future__ import annotations

from kernel.chips.chosen import console_write
from metal import View, export, u8


@export
def metal_write(stream: u8, text: View[u8]) -> None:
    """Where `log` and `panic` of the kernel end up; they share one console."""
    for byte in text:
        console_write(byte)
