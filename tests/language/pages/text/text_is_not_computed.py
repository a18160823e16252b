"""Text is not built from pieces by operators: there is no hidden memory for the result."""
from metal import u32


def f(a: str, b: str) -> str:
    return a + b  # error: M016 str


def g(n: u32) -> str:
    return f"{n}"  # error: M002 f-string


def h(a: str) -> str:
    return a.upper()  # error: M061 upper


def i(a: str) -> str:
    return "%s" % a  # error: M016 %
