"""A table may hold generic functions: the Callable beside it says for which types, and a call is one jump."""
from __future__ import annotations

from typing import Callable, Generic, TypeVar

from metal import Array, struct, table, u32, u64

T = TypeVar("T")


@struct
class Operation(Generic[T]):
    rights: u32
    run: Callable[[T], T]


def same(value: T) -> T:
    return value


def twice(value: u32) -> u32:
    return value * 2


by_number: Array[Callable[[u32], u32]] = table(same, twice)
with_rights: Array[Operation[u32]] = table(Operation(1, same), Operation(2, twice))


def test_functions_by_number() -> None:
    assert by_number[0](5) == 5
    assert by_number[1](5) == 10


def test_records_of_operations() -> None:
    total: u32 = 1
    for row in with_rights:
        total = row.run(total) + row.rights
    assert total == 6


def test_another_instance() -> None:
    wide: Callable[[u64], u64] = same
    assert wide(1 << 40) == 1 << 40


def trap_past_the_table() -> None:
    number: u32 = 2
    by_number[number](1)  # trap: bounds
