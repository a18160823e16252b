"""A common mistake: written view."""

from metal import View, u8


def clear(data: View[u8]) -> None:
    data[0] = 0
