"""Operands, arguments and targets are evaluated from left to right, always."""
# cpython
from metal import Array, array, u32

trace: u32 = 0


def step(n: u32) -> u32:
    global trace
    trace = trace * 10 + n
    return n


def three(a: u32, b: u32, c: u32) -> u32:
    return a * 100 + b * 10 + c


def reset() -> None:
    global trace
    trace = 0


def test_operands() -> None:
    reset()
    assert step(1) + step(2) * step(3) == 7
    assert trace == 123


def test_arguments() -> None:
    reset()
    assert three(step(1), step(2), step(3)) == 123
    assert trace == 123


def test_nested_calls() -> None:
    reset()
    assert three(step(1), three(step(2), step(3), step(4)), step(5)) == 2445
    assert trace == 12345


def test_comparison() -> None:
    reset()
    assert step(1) < step(2)
    assert trace == 12


values: Array[u32] = array(10)


def test_the_value_comes_before_the_target() -> None:
    reset()
    values[step(3)] = step(4)
    assert trace == 43
    assert values[3] == 4


def test_an_augmented_target_is_evaluated_once_and_first() -> None:
    reset()
    values[5] = 1
    values[step(5)] += step(6)
    assert trace == 56
    assert values[5] == 7
