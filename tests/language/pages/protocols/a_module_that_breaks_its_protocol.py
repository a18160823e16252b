"""A module that lacks a function of the Protocol, or has it with another type, is refused."""
from typing import Protocol

import helpers.machine_a
from metal import u32, u64


class Machine(Protocol):
    def read(self, n: u64, /) -> u32: ...
    def write(self, n: u32, /) -> None: ...


machine: Machine = helpers.machine_a  # error: M110 write
