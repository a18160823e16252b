"""`break`, `continue`, `pass` and nested loops are Python's."""
# cpython
from metal import u32


def first_multiple(n: u32, limit: u32) -> u32:
    for i in range(1, limit):
        if i % n != 0:
            continue
        return i
    return 0


def pairs(n: u32) -> u32:
    count: u32 = 0
    for i in range(n):
        for j in range(n):
            if j > i:
                break
            count += 1
    return count


def collatz(n: u32) -> u32:
    steps: u32 = 0
    while True:
        if n == 1:
            break
        if n % 2 == 0:
            n //= 2
        else:
            n = 3 * n + 1
        steps += 1
    return steps


def nothing() -> None:
    pass


def test_loops() -> None:
    assert first_multiple(7, 100) == 7
    assert first_multiple(70, 50) == 0
    assert pairs(4) == 10
    assert collatz(27) == 111
    nothing()
