"""A common mistake: negative index."""

from metal import Array, array, u8


names: Array[u8] = array(4)


def last() -> u8:
    return names[-1]
