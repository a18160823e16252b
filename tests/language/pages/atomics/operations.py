"""An `Atomic` is loaded, stored, added to and exchanged in one step, with its order written."""
# cpython
from metal import Atomic, fence, struct, u32, u64

total: Atomic[u64] = Atomic(5)


@struct
class Lock:
    held: Atomic[u32] = Atomic(0)

    def take(self) -> bool:
        return self.held.cas(0, 1, "acquire")

    def give(self) -> None:
        self.held.store(0, "release")


def test_numbers() -> None:
    total.store(5, "relaxed")
    assert total.load("acquire") == 5
    assert total.add(3, "relaxed") == 5
    assert total.load() == 8
    assert total.sub(1) == 8
    assert total.exchange(100, "acq_rel") == 7
    assert total.or_(3) == 100
    assert total.and_(0xFE) == 103
    assert total.xor(1) == 102
    assert total.load() == 103


def test_compare_and_swap() -> None:
    lock = Lock()
    assert lock.take()
    assert not lock.take()
    lock.give()
    fence("seq_cst")
    assert lock.take()
