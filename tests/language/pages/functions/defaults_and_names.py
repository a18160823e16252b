"""Parameters have constant defaults and can be given by name."""
# cpython
from metal import u32


def volume(a: u32, b: u32 = 2, c: u32 = 3) -> u32:
    return a * 100 + b * 10 + c


def only_by_name(a: u32, *, b: u32 = 5) -> u32:
    return a * 10 + b


def test_calls() -> None:
    assert volume(1) == 123
    assert volume(1, 4) == 143
    assert volume(1, c=9) == 129
    assert volume(c=7, b=8, a=9) == 987
    assert only_by_name(1) == 15
    assert only_by_name(1, b=2) == 12


trace: u32 = 0


def step(n: u32) -> u32:
    global trace
    trace = trace * 10 + n
    return n


def test_named_arguments_are_evaluated_as_written() -> None:
    global trace
    trace = 0
    assert volume(c=step(3), a=step(1), b=step(2)) == 123
    assert trace == 312
