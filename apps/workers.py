"""Two threads add numbers while the first one waits, each in its own time."""

from metal import Atomic, u8, u64
from system.app import Error, join_thread, start_thread

total: Atomic[u64] = Atomic(0)


def main() -> u8:
    """Starts both, waits for both, prints the sum."""
    first = start_thread(add_up, 1000, 30)
    second = start_thread(add_up, 2000, 30)
    if isinstance(first, Error) or isinstance(second, Error):
        print("the plan lets this program have only one thread")
        return 1
    join_thread(first)
    join_thread(second)
    print(f"the sum is {total.load()}")
    return 0


def add_up(last: u64) -> None:
    """Adds all numbers up to the last."""
    for value in range(1, last + 1):
        total.add(value)
