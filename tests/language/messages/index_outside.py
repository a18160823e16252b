"""A common mistake: index outside."""

from metal import Array, array, u8


names: Array[u8] = array(4)


def last() -> u8:
    return names[4]
