"""`with` needs a struct with `__enter__` and `__exit__`."""
from metal import struct, u32


@struct
class Half:
    n: u32 = 0

    def __enter__(self) -> None:
        self.n += 1


def f(h: Half) -> None:
    with h:  # error: M061 __exit__
        h.n = 3


def g(n: u32) -> None:
    with n:  # error: M061 __enter__
        pass
