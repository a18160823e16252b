"""A failed check stops the program where it is: nothing is undone on the way."""
from metal import struct, u32


@struct
class Lock:
    depth: u32 = 0

    def __enter__(self) -> None:
        self.depth += 1

    def __exit__(self, *a: object) -> None:
        self.depth -= 1


lock: Lock = Lock()


def inside(n: u32) -> u32:
    with lock:
        return 10 // n  # trap: division


def test_without_a_trap() -> None:
    assert inside(5) == 2
    assert lock.depth == 0


def trap_inside() -> None:
    assert inside(0) == 0
