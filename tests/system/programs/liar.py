"""The driver of a bus that says wrong things about the one device on it, then the right one."""

from typing import Final

from abi.bundle import NO_BUS
from abi.kernel import NEVER
from abi.services.bus import Bus
from abi.services.supervisor import Supervisor
from metal import U64, struct, u32, u64
from system.app import CallError, connect, offer
from system.drivers.bus import grant_at, own_bus
from system.runtime.server import serve_until

LAST: Final = 31
EACH: Final = 0x200


@struct
class Nothing:
    """A bus that tells nobody anything."""

    unused: u64 = 0

    def configuration(self, device: u32, register: u32) -> u32 | CallError:
        return CallError.REFUSED

    def mapped_range(self, device: u32) -> u32 | CallError:
        return CallError.REFUSED


nothing: Nothing = Nothing()


def say(what: str, device: u32, offset: u64, size: u64, interrupt: u32) -> None:
    """Makes one claim and tells what became of it."""
    supervisor = connect(Supervisor, "supervisor")
    if isinstance(supervisor, CallError):
        return
    taken = supervisor.found(device, offset, size, interrupt)
    if isinstance(taken, CallError):
        print(f"{what}: refused")
    elif taken:
        print(f"{what}: taken")
    else:
        print(f"{what}: not taken")


def main() -> None:
    """Claims what is not so, one thing at a time."""
    device = grant_at(1).device
    window = own_bus().bus_facts.window_bytes
    place = EACH * U64(LAST)
    say("the bus itself", own_bus().device, 0, EACH, 0)
    say("no device", NO_BUS, place, EACH, LAST)
    say("behind the window", device, window, EACH, LAST)
    say("across its end", device, window - EACH, 2 * EACH, LAST)
    say("beyond all numbers", device, U64.MAX - EACH + 1, EACH, LAST)
    say("nothing at all", device, place, 0, LAST)
    say("an interrupt of another", device, place, EACH, own_bus().interrupt_count)
    say("the truth", device, place, EACH, LAST)
    say("the truth again", device, place, EACH, LAST)
    offer(Bus, nothing, "bus")
    while True:
        serve_until(NEVER)
