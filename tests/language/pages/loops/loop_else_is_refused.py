"""`else` after a loop is easily misread, so it is not in the language."""
from metal import u32


def f(n: u32) -> u32:
    for i in range(n):
        if i == 3:
            break
    else:  # error: M002 else
        return 0
    return 1
