"""The header of a PCI function's configuration space (PCI Local Bus 3.0, chapter 6): registers of four bytes."""

from __future__ import annotations

from typing import Final

from metal import u32

IDENTITY: Final = 0x00  # vendor below, device above
COMMAND: Final = 0x04
CLASS: Final = 0x08
HEADER_TYPE: Final = 0x0C
RANGES: Final = 0x10  # base address registers
SUBSYSTEM: Final = 0x2C
CAPABILITIES: Final = 0x34
INTERRUPT_PIN: Final = 0x3C

NOBODY: Final = 0xFFFF

# COMMAND; the status above it is written as zeros, which change nothing.
MEMORY_ON: Final = 1 << 1
MASTER_ON: Final = 1 << 2
PIN_OFF: Final = 1 << 10
HAS_CAPABILITIES: Final = 1 << 20

SEVERAL_FUNCTIONS: Final = 1 << 23
HEADER_KIND: Final = 0x7F_0000

# A base address register.
RANGE_COUNT: Final = 6
RANGE_PORTS: Final = 1 << 0
RANGE_WIDE: Final = 2 << 1
RANGE_WIDTH: Final = 3 << 1
RANGE_FLAGS: Final = 0xF

# The capability for messages, with a table of its own (section 6.8.2).
MESSAGES: Final = 0x11
MESSAGES_ON: Final = 1 << 31
MESSAGE_BYTES: Final = 16
PLACE_RANGE: Final = 7


# Capabilities are a list inside 256 bytes; one that is longer goes in a circle.
LONGEST_LIST: Final = 48


def first_capability(pointer: u32) -> u32:
    """Where the list of capabilities begins, 0 when there is none."""
    return pointer & 0xFC


def next_capability(head: u32) -> u32:
    """Where the list goes on behind a capability that begins with these four bytes, 0 at its end."""
    return head >> 8 & 0xFC
