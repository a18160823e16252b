"""Divides by zero in a thread of its own while the first one waits."""

from metal import noinline, u8, u64
from system.app import Error, join_thread, start_thread


def main() -> u8:
    """Starts the thread and waits for an end that does not come."""
    thread = start_thread(work, 12, 50)
    if isinstance(thread, Error):
        return 1
    join_thread(thread)
    return 0


def work(value: u64) -> None:
    """The thread."""
    print(f"{share(value, value - 12)}")


@noinline
def share(value: u64, parts: u64) -> u64:
    """The mistake."""
    return value // parts
