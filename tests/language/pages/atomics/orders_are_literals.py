"""The order is a literal that fits the operation, and an atomic is reached only by its operations."""
from metal import Atomic, u32

n: Atomic[u32] = Atomic(0)


def f() -> u32:
    n.store(1, "acquire")  # error: M085 acquire
    n.add(1, "fast")  # error: M085 fast
    return n.load("release")  # error: M085 release


def g() -> u32:
    return n + 1  # error: M010 Atomic


def h(x: u32) -> None:
    n.store(True)  # error: M010 where u32 is wanted
    n.value = 3  # error: M061 value
