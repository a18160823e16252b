"""Text is not built from pieces by operators: there is no hidden memory for the result."""
from metal import u32


def f(a: str, b: str) -> str:
    return a + b  # error: str


def g(n: u32) -> str:
    return f"{n}"  # error: f-string


def h(a: str) -> str:
    return a.upper()  # error: upper


def i(a: str) -> str:
    return "%s" % a  # error: %
