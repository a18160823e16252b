"""The service that is called: it does next to nothing, so that what is counted is the call."""

from metal import View, struct, u8, u64
from system.app import CallError, interface, serve


@interface
class Meter:
    """One method for each size of message."""

    def add(self, value: u64) -> u64 | CallError: ...
    def take(self, data: View[u8]) -> u64 | CallError: ...


@struct
class Counter:
    """A sum."""

    total: u64 = 0

    def add(self, value: u64) -> u64:
        """Adds a number."""
        self.total += value
        return self.total

    def take(self, data: View[u8]) -> u64:
        """Counts bytes."""
        self.total += len(data)
        return self.total


counter: Counter = Counter()


def main() -> None:
    """Serves for ever."""
    serve(Meter, counter, "meter")
