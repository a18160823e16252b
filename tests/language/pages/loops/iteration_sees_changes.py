"""`for x in s` reads each element when its turn comes, as Python does."""
# cpython
from metal import Array, array, u32


def test_a_later_element_is_changed() -> None:
    a: Array[u32] = array(4)
    seen: u32 = 0
    a[0] = 1
    i: u32 = 0
    for x in a:
        seen = seen * 10 + x
        i += 1
        if i < 4:
            a[i] = x + 2
    assert seen == 1357


def test_the_value_is_the_body_s_own() -> None:
    a: Array[u32] = array(3)
    for x in a:
        x += 5
        assert x == 5
    assert a[0] == 0


def step() -> u32:
    global steps
    steps += 1
    return steps


steps: u32 = 0


def test_a_condition_is_evaluated_each_time() -> None:
    global steps
    steps = 0
    n: u32 = 0
    while step() < 4 and step() < 9:
        n += 1
    assert n == 2
    assert steps == 5
