"""What is known about a value that may be None or an error: where it is learnt, and what makes it forgotten."""

from __future__ import annotations

from pathlib import Path

from tests.compiler.checking import check_marks

NAMES = """
from __future__ import annotations
from enum import Enum, IntEnum
from typing import assert_never
from metal import Ptr, U64, assign, struct, u32, u64

class Failure(Enum):
    FULL = 1
    GONE = 2

class State(IntEnum):
    READY = 0
    RUNNING = 1
    DONE = 2

@struct
class Node:
    value: u32 = 0
    next: Ptr[Node] | None = None

nodes: Node = Node()
head: Ptr[Node] | None = None

def touch() -> None:
    global head
    head = None

def find(n: u64) -> u64 | Failure:
    return Failure.GONE if n > 9 else n
"""


def test_a_test_is_remembered_on_its_road(tmp_path: Path) -> None:
    check_marks(
        tmp_path,
        NAMES
        + """
def early(n: Ptr[Node] | None) -> u32:
    if n is None:
        return 0
    return n.value

def joined(n: Ptr[Node] | None, deep: bool) -> u32:
    if deep:
        if n is None:
            return 1
    return n.value  # M020

def both_roads(n: Ptr[Node] | None) -> u32:
    if n is None:
        n = nodes
    return n.value

def short_circuit(n: Ptr[Node] | None) -> bool:
    return n is not None and n.value > 3

def other_side(n: Ptr[Node] | None) -> bool:
    return n is None or n.value > 3

def wrong_side(n: Ptr[Node] | None) -> bool:
    return n is None and n.value > 3  # M020

def proven(n: Ptr[Node] | None) -> u32:
    assert n is not None
    return n.value

def list_walk(n: Ptr[Node] | None) -> u32:
    total: u32 = 0
    while n is not None:
        total += n.value
        n = n.next
    return total

def after_break(n: Ptr[Node] | None) -> u32:
    while True:
        if n is not None:
            break
        n = nodes
    return n.value
""",
    )


def test_what_may_change_memory_makes_it_forgotten(tmp_path: Path) -> None:
    check_marks(
        tmp_path,
        NAMES
        + """
def field(n: Ptr[Node]) -> u32:
    if n.next is None:
        return 0
    return n.next.value

def after_call(n: Ptr[Node]) -> u32:
    if n.next is None:
        return 0
    touch()
    return n.next.value  # M020

def after_store(n: Ptr[Node], m: Ptr[Node]) -> u32:
    if n.next is None:
        return 0
    m.next = None
    return n.next.value  # M020

def after_copy(n: Ptr[Node], m: Ptr[Node]) -> u32:
    if n.next is None:
        return 0
    assign(n, m)
    return n.next.value  # M020

def held(n: Ptr[Node]) -> u32:
    following = n.next
    if following is None:
        return 0
    touch()
    return following.value

def rebound(n: Ptr[Node]) -> u32:
    if n.next is None:
        return 0
    n = n.next
    return n.next.value  # M020

def in_a_global() -> u32:
    if head is None:
        return 0
    touch()
    return head.value  # M020

def second_round(n: Ptr[Node]) -> u32:
    if n.next is None:
        return 0
    total: u32 = 0
    for i in range(3):
        total += n.next.value  # M020
        n.next = None
    return total
""",
    )


def test_results_are_tested_before_use(tmp_path: Path) -> None:
    check_marks(
        tmp_path,
        NAMES
        + """
def passed_on(n: u64) -> u64 | Failure:
    r = find(n)
    if isinstance(r, Failure):
        return r
    return r + 1

def unchecked(n: u64) -> u64:
    r = find(n)
    return r + 1  # M021

def dropped(n: u64) -> None:
    find(n)  # M022

def by_member(n: u64) -> u64:
    r = find(n)
    match r:
        case Failure.FULL:
            return 0
        case Failure.GONE:
            return 1
        case value:
            return value

def left_out(n: u64) -> u64:
    r = find(n)
    match r:  # M043
        case Failure.FULL:
            return 0
        case U64():
            return 1
    return 2
""",
    )


def test_members_of_an_enum_are_counted(tmp_path: Path) -> None:
    check_marks(
        tmp_path,
        NAMES
        + """
def compared(s: State) -> u32:
    if s == State.READY:
        return 1
    elif s in (State.RUNNING, State.DONE):
        return 2
    assert_never(s)

def one_left(s: State) -> u32:
    if s is State.READY:
        return 1
    if s is State.RUNNING:
        return 2
    assert_never(s)  # M043

def matched(s: State) -> u32:
    match s:
        case State.READY:
            return 1
        case State.RUNNING | State.DONE:
            return 2

def not_all(s: State) -> u32:
    match s:  # M043
        case State.READY:
            return 1
    return 2
""",
    )
