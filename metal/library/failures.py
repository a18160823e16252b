"""What a container or a parser answers instead of crashing."""

from enum import Enum


class Full(Enum):
    """The container has no room for more; it is as it was before."""

    FULL = 1


class Malformed(Enum):
    """Text that does not say what was asked for."""

    EMPTY = 1
    NOT_A_DIGIT = 2
    TOO_LARGE = 3
    NOT_UTF8 = 4
