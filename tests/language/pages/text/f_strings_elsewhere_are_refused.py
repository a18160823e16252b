"""An f-string needs a place to go: `print`, `log`, `panic` or a text with a capacity."""
from metal import u32


def take(s: str) -> None:
    pass


def f(n: u32) -> None:
    take(f"{n}")  # error: M002 f-string
    s = f"{n}"  # error: M002 f-string


def g(n: u32) -> None:
    print(f"{n:q}")  # error: M100 format
    print(f"{n: }")  # error: M100 format
    print(f"{n!r}")  # error: M100 !r
