"""Random bytes, as the driver of an entropy device serves them."""

from __future__ import annotations

from abi.interface import CallError, interface
from metal import Slice, u8, u64


@interface
class Rng:
    """No byte is given out twice."""

    def read(self, into: Slice[u8]) -> u64 | CallError:
        """Waits until the device has given bytes and takes them: how many, at least one, perhaps fewer than fit."""
        ...

    def interrupts(self) -> u64 | CallError:
        """How many interrupts the driver has answered since it started."""
        ...
