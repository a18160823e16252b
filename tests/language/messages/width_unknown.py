"""A common mistake: width unknown."""

from metal import Slice, u32


def total(values: Slice[u32]) -> u32:
    sum = 0
    for value in values:
        sum += value
    return sum
