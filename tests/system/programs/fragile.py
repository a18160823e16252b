"""A service that dies in the middle of calls while it is young; one of its methods may be repeated."""

from metal import noinline, struct, u32, u64
from system.app import CallError, idempotent, interface, serve
from system.runtime.program import start_record


@interface
class Fragile:
    """Each method answers how often the service had been started before."""

    def once(self, dies_below: u32) -> u32 | CallError: ...

    @idempotent
    def again(self, dies_below: u32) -> u32 | CallError: ...

    def added_later(self) -> bool | CallError: ...


@struct
class Glass:
    """Dies of its first calls."""

    calls: u64 = 0

    def once(self, dies_below: u32) -> u32:
        """Dies when the service was started too few times."""
        return survive(dies_below)

    def again(self, dies_below: u32) -> u32:
        """The same."""
        return survive(dies_below)

    def added_later(self) -> bool:
        """A method that the client's older interface does not know."""
        return True


glass: Glass = Glass()


@noinline
def survive(dies_below: u32) -> u32:
    """The generation, if it is not below the wanted one."""
    generation = start_record().generation
    assert generation >= dies_below
    return generation


def main() -> None:
    """Serves for ever, again and again."""
    serve(Fragile, glass, "fragile")
