"""Nothing in shared memory can be referred to: it is not indexed, sliced, iterated or passed as a slice."""
from metal import Shared, Slice, struct, u8, u32, u64


@struct
class Record:
    n: u32 = 0


def total(s: Slice[u8]) -> u64:
    return len(s)


def f(s: Shared[u8]) -> u64:
    a = s[0]  # error: M056 Shared
    b = s[0:2]  # error: M032 Shared
    for x in s:  # error: M032 Shared
        pass
    return total(s)  # error: M010 where Slice[u8] is wanted


def g(s: Shared[Record]) -> u32:
    return s[0].n  # error: M056 Shared
