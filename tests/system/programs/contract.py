"""Meets every way in which a call can end, and tries what its plan does not allow."""

from abi.console import EXIT, TERMINAL
from abi.services.console import Console
from abi.services.supervisor import Supervisor
from abi.start import NOTIFICATION
from metal import Array, array, u8, u32, u64
from system.app import CallError, connect, idempotent, interface, milliseconds, seconds
from system.runtime.calls import rights_of
from system.runtime.connection import Connection, find_connection
from system.runtime.messages import Message

large: Array[u8] = array(4096)


@interface
class Fragile:
    """An older form of the service's interface: without what was added, and with one method that was changed since."""

    def once(self, dies_below: u32) -> u32 | CallError: ...

    @idempotent
    def again(self, dies_below: u32) -> u32 | CallError: ...

    def renamed(self) -> bool | CallError: ...


def main() -> u8:
    """Prints one line for each."""
    deaths()
    refusals()
    forbidden()
    unwanted()
    return 0


def deaths() -> None:
    """A call that the service died of is perhaps executed; only what may be repeated is repeated."""
    fragile = connect(Fragile, "fragile")
    if isinstance(fragile, CallError):
        return
    show("first", fragile.once(1))
    show("second", fragile.once(1))
    show("repeated", fragile.again(3))
    show("too fragile", fragile.again(100))


def refusals() -> None:
    """Calls that are not executed."""
    fragile = connect(Fragile, "fragile")
    sleeper = connect(Fragile, "sleeper", milliseconds(20))
    absent = connect(Fragile, "lamp")
    console = connect(Console, "console")
    if isinstance(fragile, CallError) or isinstance(sleeper, CallError) or isinstance(console, CallError):
        return
    changed = fragile.renamed()
    print(f"changed method {changed if isinstance(changed, CallError) else CallError.TOO_LARGE}")
    show("sleeping service", sleeper.once(0))
    print(f"not in the plan {isinstance(absent, CallError) and absent == CallError.UNREACHABLE}")
    failed = console.write(1, large)
    print(f"too large {failed is not None and failed == CallError.TOO_LARGE}")


def forbidden() -> None:
    """What other programs may do."""
    console = connect(Console, "console")
    supervisor = connect(Supervisor, "supervisor")
    if isinstance(console, CallError) or isinstance(supervisor, CallError):
        return
    show_failure("another's name", console.write_for(1, 2, b"not me\n"))
    show_failure("an exit frame", console.write(EXIT, b"\0\0\0\0\0\0\0\0"))
    show_failure("the terminal", console.write(TERMINAL, b"mine\n"))
    show_failure("halt", supervisor.halt(99))
    stopped = supervisor.stop(2)
    state = supervisor.state(2)
    print(f"stop {isinstance(stopped, CallError)}, look {isinstance(state, CallError)}")
    found: u64 = 0
    for handle in range(1, 200):
        if rights_of(handle) != 0:
            found += 1
    print(f"handles {found}")


def unwanted() -> None:
    """Handles that come with a request which has no use for them: more than the service has room for."""
    index = find_connection("fragile")
    if isinstance(index, CallError):
        return
    link = Connection()
    link.open(index, seconds(1))
    refused: u64 = 0
    for _ in range(100):
        message = Message()
        message.begin(1)
        message.put_handle(NOTIFICATION)
        failed = link.call(message, False)
        if failed is not None and failed == CallError.REFUSED:
            refused += 1
    print(f"unwanted handles {refused}")


def show(what: str, outcome: u32 | CallError) -> None:
    """One line for a result."""
    if isinstance(outcome, CallError):
        print(f"{what} {outcome}")
    else:
        print(f"{what} generation {outcome}")


def show_failure(what: str, outcome: CallError | None) -> None:
    """One line for a call without a result."""
    if outcome is None:
        print(f"{what} was allowed")
    else:
        print(f"{what} {outcome}")
