"""However a block is left, each manager leaves once, the inner before the outer."""
# cpython
from enum import IntEnum

from metal import struct, u32, u64

trace: u64 = 0


class Way(IntEnum):
    FALL = 0
    RETURN = 1
    BREAK = 2
    CONTINUE = 3


@struct
class Mark:
    enter: u64 = 0
    leave: u64 = 0

    def __enter__(self) -> None:
        global trace
        trace = trace * 10 + self.enter

    def __exit__(self, *a: object) -> None:
        global trace
        trace = trace * 10 + self.leave


outer: Mark = Mark(1, 2)
middle: Mark = Mark(3, 4)
inner: Mark = Mark(5, 6)


def run(way: Way) -> u32:
    global trace
    trace = 0
    turns: u32 = 0
    with outer:
        for _ in range(2):
            turns += 1
            with middle:
                with inner:
                    match way:
                        case Way.RETURN:
                            return turns
                        case Way.BREAK:
                            break
                        case Way.CONTINUE:
                            continue
                        case Way.FALL:
                            turns += 10
            turns += 100
    return turns


def traced(way: Way) -> u64:
    run(way)
    return trace


def test_values() -> None:
    assert run(Way.FALL) == 222
    assert run(Way.RETURN) == 1
    assert run(Way.BREAK) == 1
    assert run(Way.CONTINUE) == 2


def test_orders() -> None:
    assert traced(Way.FALL) == 1356435642
    assert traced(Way.RETURN) == 135642
    assert traced(Way.BREAK) == 135642
    assert traced(Way.CONTINUE) == 1356435642


def through_a_result() -> u32 | None:
    with outer:
        with inner:
            if trace > 0:
                return None
    return 3


def test_optional_results() -> None:
    global trace
    trace = 0
    assert through_a_result() is None
    assert trace == 1562
