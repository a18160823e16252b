"""An array starts as zeros, so its elements must have a zero: a pointer that is never None has none."""
from __future__ import annotations

from metal import Array, Ptr, array, struct, u32


@struct
class Job:
    number: u32 = 0


queue: Array[Ptr[Job]] = array(4)  # error: M064 first value


def f() -> u32:
    jobs: Array[Job] = array(2, init=False)  # error: M064 numbers
    return 0
