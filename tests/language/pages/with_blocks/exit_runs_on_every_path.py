"""`__exit__` runs when the block ends, returns, breaks or continues."""
# cpython
from metal import struct, u32


@struct
class Lock:
    depth: u32 = 0
    entered: u32 = 0
    left: u32 = 0

    def __enter__(self) -> None:
        self.depth += 1
        self.entered += 1

    def __exit__(self, *a: object) -> None:
        self.depth -= 1
        self.left += 1


lock: Lock = Lock()


def falls_through() -> u32:
    with lock:
        n = lock.depth
    return n


def returns(c: bool) -> u32:
    with lock:
        if c:
            return lock.depth + 10
    return 0


def loops(n: u32) -> u32:
    total: u32 = 0
    for i in range(n):
        with lock:
            if i == 1:
                continue
            if i == 3:
                break
            total += i
    return total


def nested() -> u32:
    with lock:
        with lock:
            return lock.depth


def test_paths() -> None:
    assert falls_through() == 1
    assert lock.depth == 0
    assert returns(True) == 11
    assert lock.depth == 0
    assert returns(False) == 0
    assert lock.depth == 0
    before = lock.left
    assert loops(10) == 2
    assert lock.depth == 0
    assert lock.left == before + 4
    assert nested() == 2
    assert lock.depth == 0
    assert lock.entered == lock.left
