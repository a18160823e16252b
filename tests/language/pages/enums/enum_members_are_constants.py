"""Members are distinct constant numbers; an `Enum` of errors has no zero."""
from enum import Enum, IntEnum

from metal import u32


class Twice(IntEnum):
    A = 1
    B = 1  # error: M071 B


class Failure(Enum):
    NONE = 0
    FULL = 1


def find(n: u32) -> u32 | Failure:  # error: M071 0
    return n


def compute() -> u32:
    return 4


class Late(IntEnum):
    A = compute()  # error: M091 constant
