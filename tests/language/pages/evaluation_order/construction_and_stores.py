"""Arguments of a construction, indices and fields are evaluated as CPython does."""
# cpython
from metal import Array, array, struct, u32

trace: u32 = 0


def step(n: u32) -> u32:
    global trace
    trace = trace * 10 + n
    return n


@struct
class Pair:
    a: u32 = 0
    b: u32 = 0


pairs: Array[Pair] = array(5)
index: u32 = 0


def move(n: u32) -> u32:
    global index
    index = n
    return n * 10


def reset() -> None:
    global trace, index
    trace = 0
    index = 0


def test_named_fields_in_the_order_written() -> None:
    reset()
    p = Pair(b=step(1), a=step(2))
    assert trace == 12
    assert p.a == 2
    assert p.b == 1


def test_the_value_is_computed_before_the_index_is_read() -> None:
    reset()
    pairs[index].a = move(3)
    assert pairs[3].a == 30
    assert pairs[0].a == 0


def at(n: u32) -> Pair:
    step(n)
    return pairs[n]


def test_an_augmented_field_is_reached_once() -> None:
    reset()
    pairs[4].b = 5
    at(4).b += step(2)
    assert trace == 42
    assert pairs[4].b == 7


def two() -> tuple[u32, u32]:
    return step(7), step(8)


def test_tuples() -> None:
    reset()
    a, b = two()
    assert trace == 78
    assert a == 7
    assert b == 8


def test_a_method_s_object_comes_first() -> None:
    reset()
    assert changed(at(1), step(5)) == 5
    assert trace == 15


def changed(p: Pair, n: u32) -> u32:
    p.a = n
    return pairs[1].a


def test_an_index_is_read_before_a_call_to_its_right() -> None:
    reset()
    pairs[0].a = 1
    pairs[3].a = 2
    assert pairs[index].a + move(3) == 31
    assert move(0) + pairs[index].a == 1
