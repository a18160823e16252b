"""The escape analysis accepts ordinary code and refuses what would leave a reference to a stack that is gone."""

from __future__ import annotations

from pathlib import Path

from tests.compiler.checking import check_marks

NODE = """
from metal import Array, Ptr, Slice, View, array, struct, u8, u32, u64

@struct
class Node:
    value: u32 = 0
    next: Ptr["Node"] | None = None

    def myself(self) -> Ptr["Node"]:
        return self

    def follow(self, next: Ptr["Node"]) -> Ptr["Node"]:
        self.next = next
        return next

nodes: Array[Node] = array(8)
head: Ptr[Node] | None = None
memory: Array[u8] = array(64)
"""


def test_what_came_in_may_go_out(tmp_path: Path) -> None:
    check_marks(
        tmp_path,
        NODE
        + """
def larger(a: Ptr[Node], b: Ptr[Node]) -> Ptr[Node]:
    return a if a.value > b.value else b

def last(a: Ptr[Node]) -> Ptr[Node]:
    here = a
    while True:
        following = here.next
        if following is None:
            return here
        here = following

def rest(data: Slice[u8]) -> Slice[u8]:
    return data[1:]

def use() -> u32:
    a = Node(1)
    b = Node(2)
    local: Array[u8] = array(8)
    part = rest(rest(local))
    part[0] = 1
    return larger(a, last(b)).value
""",
    )


def test_globals_may_be_linked_and_returned(tmp_path: Path) -> None:
    check_marks(
        tmp_path,
        NODE
        + """
def push(n: Ptr[Node]) -> None:
    global head
    n.next = head
    head = n

def start() -> Ptr[Node]:
    for i in range(8):
        n = nodes[i]
        n.value = 3
        push(n)
    return nodes[0].follow(nodes[1]).myself()

def part() -> Slice[u8]:
    return memory[2:4]
""",
    )


def test_a_local_may_hold_what_it_is_given(tmp_path: Path) -> None:
    check_marks(
        tmp_path,
        NODE
        + """
@struct
class Reader:
    data: View[u8]
    at: u64 = 0

    def take(self, n: u64) -> View[u8]:
        self.at += n
        return self.data[self.at - n : self.at]

def first(data: View[u8]) -> View[u8]:
    reader = Reader(data)
    return reader.take(2)

def of_a_local() -> View[u8]:
    local: Array[u8] = array(8)
    reader = Reader(local)
    return reader.take(2)  # M210

def chain(a: Ptr[Node]) -> Ptr[Node] | None:
    mine = Node(1, a)
    other = Node(2, mine)
    found = other.next
    if found is None:
        return None
    return found.next
""",
    )


def test_the_own_contents_of_an_object_are_not_the_object(tmp_path: Path) -> None:
    check_marks(
        tmp_path,
        NODE
        + """
def beyond(a: Ptr[Node]) -> Ptr[Node] | None:
    mine = Node(1, a)
    return mine.next

def itself(a: Ptr[Node]) -> Ptr[Node]:
    mine = Node(1, a)
    return mine.myself()  # M210
""",
    )


def test_a_value_that_holds_no_reference_is_free(tmp_path: Path) -> None:
    check_marks(
        tmp_path,
        NODE
        + """
total: u32 = 0

def add() -> u32:
    global total
    mine = Node(3)
    total = mine.value
    nodes[0].value = mine.myself().value
    return mine.value
""",
    )


def test_an_object_passed_on_through_several_functions(tmp_path: Path) -> None:
    check_marks(
        tmp_path,
        NODE
        + """
def keep(n: Ptr[Node]) -> None:
    global head
    head = n

def keep_next(n: Ptr[Node]) -> None:
    following = n.next
    if following is not None:
        keep(following)

def outside() -> None:
    mine = Node(1, nodes[0])
    keep_next(mine)

def inside() -> None:
    mine = Node(1)
    other = Node(2, mine)
    keep_next(other)  # M212

def swap(a: Ptr[Node], b: Ptr[Node]) -> None:
    kept = a.next
    a.next = b.next
    b.next = kept

def mixed() -> None:
    mine = Node(1)
    other = Node(2, mine)
    swap(nodes[0], other)  # M212
""",
    )


def test_function_values_do_what_any_function_of_their_type_does(tmp_path: Path) -> None:
    check_marks(
        tmp_path,
        NODE
        + """
from collections.abc import Callable

def look(n: Ptr[Node]) -> u32:
    return n.value

def keep(n: Ptr[Node], m: u32) -> None:
    global head
    head = n

def ask(f: Callable[[Ptr[Node]], u32]) -> u32:
    mine = Node(1)
    return f(mine)

def tell(f: Callable[[Ptr[Node], u32], None]) -> None:
    mine = Node(1)
    f(mine, 1)  # M212

def use() -> u32:
    tell(keep)
    return ask(look)
""",
    )


def test_rounds_of_a_loop(tmp_path: Path) -> None:
    check_marks(
        tmp_path,
        NODE
        + """
def within_a_round(n: u32) -> u32:
    total: u32 = 0
    for i in range(n):
        a = Node(i)
        b = Node(i, a)
        same = b
        following = same.next
        if following is not None:
            total += following.value
    return total

def made_before_the_loop(n: u32) -> u32:
    a = Node(1)
    kept: Ptr[Node] | None = None
    for i in range(n):
        a.value = i
        kept = a
    return 0 if kept is None else kept.value

def found_and_left(n: u32) -> u32:
    found: Ptr[Node] | None = None
    for i in range(n):
        a = Node(i)
        if a.value == 3:
            found = a
            break
    return 0 if found is None else found.value

def of_the_round_before(n: u32) -> u32:
    previous: Ptr[Node] = nodes[0]
    total: u32 = 0
    for i in range(n):
        a = Node(i)
        total += previous.value
        previous = a  # M213
    return total

def through_a_call(n: u32) -> u32:
    list = Node(0)
    for i in range(n):
        a = Node(i)  # M213
        list.follow(a)
    return 0 if list.next is None else list.next.value

def slices(n: u64) -> u64:
    longest: View[u8] = memory[0:0]
    for i in range(n):
        buffer: Array[u8] = array(8)
        if len(longest) < i:
            longest = buffer[0:4]  # M213
    return len(longest)

def in_the_outer_loop(n: u32) -> u32:
    total: u32 = 0
    for i in range(n):
        a = Node(i)
        kept: Ptr[Node] | None = None
        for j in range(n):
            kept = a
            total += kept.value
    return total
""",
    )
