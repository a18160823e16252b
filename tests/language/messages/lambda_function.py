"""A common mistake: lambda function."""

from collections.abc import Callable

from metal import u32


def apply(f: Callable[[u32], u32]) -> u32:
    return f(3)


def run() -> u32:
    return apply(lambda n: n + 1)
