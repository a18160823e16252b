"""Tries to reach the entropy device, which another program drives: by what the services say, then by its registers."""

from typing import Final

from abi.services.bus import Bus
from abi.services.supervisor import Supervisor
from abi.start import DEVICES_ADDRESS
from metal import U32, Reg, at, mmio, u32
from system.app import CallError, connect

UNSAFE: Final = True

DEVICES: Final = 8


class Register:
    """The first register of whatever is mapped."""

    value: Reg[u32] = at(0)


def main() -> None:
    """Everything is refused, and the last try is a fault."""
    supervisor = connect(Supervisor, "supervisor")
    bus = connect(Bus, "bus")
    if isinstance(supervisor, CallError) or isinstance(bus, CallError):
        return
    for device in range(U32(DEVICES)):
        taken = supervisor.found(device, 0, 4096, 0)
        read = bus.configuration(device, 0)
        if not isinstance(taken, CallError) or not isinstance(read, CallError):
            print(f"device {device} was given away")
    print("nothing was given away")
    print(f"register {mmio(Register, DEVICES_ADDRESS).value.read()}")
