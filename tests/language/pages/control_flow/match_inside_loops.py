"""`break` and `continue` inside a `match` mean the loop around it; `return` leaves the function."""
# cpython
from enum import IntEnum

from metal import Array, array, u32


class Step(IntEnum):
    GO = 0
    SKIP = 1
    STOP = 2
    LEAVE = 3


steps: Array[Step] = array(6)


def walk() -> u32:
    count: u32 = 0
    for s in steps:
        match s:
            case Step.SKIP:
                continue
            case Step.STOP:
                break
            case Step.LEAVE:
                return 100 + count
            case Step.GO:
                count += 1
        count += 10
    return count


def numbers(n: u32) -> u32:
    total: u32 = 0
    i: u32 = 0
    while True:
        i += 1
        match i:
            case 3:
                continue
            case 7:
                break
            case _:
                for j in range(n):
                    match j:
                        case 0:
                            continue
                        case 2:
                            break
                        case _:
                            total += i
    return total


def test_walk() -> None:
    assert walk() == 66
    steps[2] = Step.SKIP
    assert walk() == 55
    steps[4] = Step.STOP
    assert walk() == 33
    steps[3] = Step.LEAVE
    assert walk() == 122


def test_nested() -> None:
    assert numbers(5) == 18
    assert numbers(1) == 0
