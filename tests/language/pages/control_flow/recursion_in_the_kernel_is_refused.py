"""A kernel program has a computed stack, so no function reaches itself."""
# kernel
from metal import export, u32


def down(n: u32) -> u32:
    return 0 if n == 0 else down(n - 1)  # error: M220 recursion


def ping(n: u32) -> u32:
    return pong(n)  # error: M220 recursion


def pong(n: u32) -> u32:
    return ping(n)


@export
def kmain() -> u32:
    return down(3) + ping(1)
