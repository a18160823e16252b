"""One half of an import cycle."""

import helpers.odd
from metal import u32


def is_even(n: u32) -> bool:
    return True if n == 0 else helpers.odd.is_odd(n - 1)
