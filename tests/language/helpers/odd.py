"""The other half of an import cycle."""

import helpers.even
from metal import u32


def is_odd(n: u32) -> bool:
    return False if n == 0 else helpers.even.is_even(n - 1)
