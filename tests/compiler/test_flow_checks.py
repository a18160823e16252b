"""Definite assignment, return on every path, unreachable statements, recursion: what is refused, and what is not."""

from __future__ import annotations

from pathlib import Path

from metal.compiler.diagnostics import Diagnostics
from tests.compiler.checking import check_marks, compiled

HEAD = """
from enum import IntEnum
from metal import export, panic, u32
from typing import NoReturn

class State(IntEnum):
    READY = 0
    DONE = 1

"""


def test_a_variable_is_set_on_every_path(tmp_path: Path) -> None:
    check_marks(
        tmp_path,
        HEAD
        + """
def both(c: bool) -> u32:
    if c:
        n: u32 = 1
    else:
        n = 2
    return n

def one(c: bool) -> u32:
    if c:
        n: u32 = 1
    return n  # M201

def the_other_leaves(c: bool) -> u32:
    if c:
        n: u32 = 1
    else:
        panic("no")
    return n

def in_a_loop(m: u32) -> u32:
    for i in range(m):
        n: u32 = i
    return n  # M201

def endless(m: u32) -> u32:
    while True:
        n: u32 = m
        if n > 3:
            break
        m += 1
    return n

def left_early(m: u32) -> u32:
    while True:
        if m > 3:
            break
        n: u32 = m
        m += 1
    return n  # M201

def next_round(m: u32) -> u32:
    total: u32 = 0
    for i in range(m):
        if i > 0:
            total += i
        last: u32 = i
        total += last
    return total

def after_continue(m: u32) -> u32:
    total: u32 = 0
    for i in range(m):
        if i == 3:
            continue
        n: u32 = i
        total += n
    return total

def by_match(s: State) -> u32:
    match s:
        case State.READY:
            n: u32 = 1
        case State.DONE:
            n = 2
    return n
""".replace(
            "            total += last  # M201\n        last: u32 = i", "            total += i\n        last: u32 = i"
        ),
    )


def test_every_path_returns(tmp_path: Path) -> None:
    check_marks(
        tmp_path,
        HEAD
        + """
def by_match(s: State) -> u32:
    match s:
        case State.READY:
            return 1
        case State.DONE:
            return 2

def endless(n: u32) -> u32:
    while True:
        n += 1
        if n > 10:
            return n

def constant(n: u32) -> u32:
    if 1 + 1 == 2:
        return n
    return n + 1

def stopped(n: u32) -> u32:
    if n > 3:
        return n
    panic("small")

def never() -> NoReturn:
    while True:
        pass

def calls_it() -> u32:
    never()

def loop(n: u32) -> u32:  # M202
    while n > 3:
        return n

def some(s: State) -> u32:  # M202
    if s == State.READY:
        return 1
    elif s == State.DONE:
        return 2

def comes_back(n: u32) -> NoReturn:  # M202
    if n > 3:
        panic("large")
""",
    )


def test_unreachable_statements(tmp_path: Path) -> None:
    check_marks(
        tmp_path,
        HEAD
        + """
def after_return(n: u32) -> u32:
    return n
    n += 1  # M203

def after_both(n: u32) -> u32:
    if n > 3:
        return 1
    else:
        return 2
    return 3  # M203

def after_endless(n: u32) -> u32:
    while True:
        n += 1
    return n  # M203

def after_panic(n: u32) -> u32:
    panic("no")
    return n  # M203

def open_by_a_constant(n: u32) -> u32:
    if 2 > 1:
        return n
    n += 1
    return n
""",
    )


def test_a_kernel_does_not_recurse(tmp_path: Path) -> None:
    check_marks(
        tmp_path,
        HEAD
        + """
from collections.abc import Callable

def down(n: u32) -> u32:
    if n == 0:
        return 0
    return down(n - 1)  # M220

def first(n: u32) -> u32:
    return second(n)  # M220

def second(n: u32) -> u32:
    return third(n)

def third(n: u32) -> u32:
    return first(n) if n > 0 else 0

def call(f: Callable[[u32, u32], None], n: u32) -> None:
    f(n, n)  # M220

def act(n: u32, m: u32) -> None:
    call(act, n)

def plain(n: u32) -> u32:
    return n + 1

def uses(n: u32) -> u32:
    return plain(plain(n))
""",
        kernel=True,
    )


def test_the_message_of_recursion_names_the_road(tmp_path: Path) -> None:
    found = compiled(
        tmp_path,
        HEAD
        + """
def first(n: u32) -> u32:
    return second(n)

def second(n: u32) -> u32:
    return first(n) if n > 0 else 0
""",
        kernel=True,
    )
    assert isinstance(found, Diagnostics)
    assert "first -> second -> first" in found.draw()


def test_an_app_may_recurse(tmp_path: Path) -> None:
    check_marks(
        tmp_path,
        HEAD
        + """
def down(n: u32) -> u32:
    return 0 if n == 0 else down(n - 1)
""",
    )


def test_one_mistake_is_told_once(tmp_path: Path) -> None:
    check_marks(
        tmp_path,
        HEAD
        + """
def broken(n: u32) -> u32:
    m = nowhere(n)  # M003
    if m > 3:
        return m
    m += 1
    return m

def badly_signed(n: Missing) -> u32:  # M003
    return n

def calls_it() -> u32:
    return badly_signed(3) + broken(4)
""",
    )
