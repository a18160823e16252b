"""A module can be checked against a Protocol: one contract, many implementations."""
from typing import Protocol

import helpers.machine_a

from metal import u32


class Machine(Protocol):
    def read(self, n: u32, /) -> u32: ...
    def reset(self) -> None: ...


machine: Machine = helpers.machine_a


def test_calls_through_the_contract() -> None:
    machine.reset()
    assert machine.read(4) == 5
    assert machine.read(4) == 6
