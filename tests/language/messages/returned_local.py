"""A common mistake: returned local."""

from metal import Array, Slice, array, u8


def name() -> Slice[u8]:
    text: Array[u8] = array(8)
    return text[:4]
