"""Crashes on purpose, three calls deep, to show what a fault report says."""

from metal import Array, array, u8, u64
from system.app import Arguments

places: Array[u8] = array(4)


def main(arguments: Arguments) -> u8:
    """Looks up a place that does not exist."""
    print("about to crash")
    return outer(arguments.count() + 4)


def outer(index: u64) -> u8:
    """One call."""
    return inner(index) + 1


def inner(index: u64) -> u8:
    """The mistake: four places, and never a fifth."""
    return places[index]
