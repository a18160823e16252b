"""A length is a u64, so a smaller width needs a conversion."""
from metal import Slice, U32, u8, u32


def length(s: Slice[u8]) -> u32:
    return len(s)  # error: M010 u64 where u32 is wanted


def right(s: Slice[u8]) -> u32:
    return U32(len(s))
