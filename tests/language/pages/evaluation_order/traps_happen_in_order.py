"""What comes first in the line traps first, and nothing to the right of a trap is done."""
from metal import Array, array, u8, u32

values: Array[u32] = array(4)
done: u32 = 0


def note(n: u32) -> u32:
    global done
    done = n
    return n


def two_traps(i: u32, a: u32, b: u32) -> u32:
    return values[i] + a // b  # trap: bounds


def division_first(i: u32, a: u32, b: u32) -> u32:
    return a // b + values[i]  # trap: division


def value_before_store(i: u32, a: u8) -> None:
    values[i] = note(3) + 1 // note(0)  # trap: division


def trap_left_one() -> None:
    assert two_traps(4, 1, 0) == 0


def trap_other_order() -> None:
    assert division_first(4, 1, 0) == 0


def trap_value_before_target() -> None:
    value_before_store(9, 1)
