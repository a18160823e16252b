"""List, Ring, Map, Pool and Bitmap as compiled code, against what Python's own containers do."""

from __future__ import annotations

from collections import deque
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metal.compiler.harness import Program, Trap, load
from metal.types.traps import TrapKind

SOURCE = Path(__file__).parent / "programs" / "containers.py"
CAPACITY = 5
SLOTS = 8
U16 = st.integers(0, 2**16 - 1)
U32 = st.integers(0, 2**32 - 1)
SMALL = st.integers(0, CAPACITY + 1)


@pytest.fixture(scope="module")
def library() -> Program:
    return load(SOURCE)


def steps(*kinds: tuple[Any, ...]) -> st.SearchStrategy[list[tuple[Any, ...]]]:
    """Lists of operations, each a name and its arguments."""
    return st.lists(st.one_of(*(st.tuples(st.just(name), *arguments) for name, *arguments in kinds)), max_size=40)


@given(
    steps(("append", U32), ("pop",), ("insert", SMALL, U32), ("remove", SMALL), ("swap", SMALL), ("put", SMALL, U32))
)
def test_a_list_does_what_python_s_list_does_up_to_its_capacity(library: Program, todo: list[tuple[Any, ...]]) -> None:
    library.list_clear()
    model: list[int] = []
    for name, *arguments in todo:
        if name == "append":
            fits = len(model) < CAPACITY
            assert library.list_append(*arguments) == fits
            if fits:
                model.append(arguments[0])
        elif name == "pop":
            assert library.list_pop() == (model.pop() if model else -1)
        elif name == "insert" and arguments[0] <= len(model):
            fits = len(model) < CAPACITY
            assert library.list_insert(*arguments) == fits
            if fits:
                model.insert(*arguments)
        elif arguments[0] < len(model):
            index = arguments[0]
            if name == "remove":
                assert library.list_remove(index) == model.pop(index)
            elif name == "swap":
                assert library.list_remove_unordered(index) == model[index]
                last = model.pop()
                if index < len(model):
                    model[index] = last
            elif name == "put":
                library.list_put(*arguments)
                model[index] = arguments[1]
        assert [library.list_get(index) for index in range(library.list_count())] == model


def test_an_index_beyond_the_count_traps_even_inside_the_memory() -> None:
    library = load(SOURCE)
    assert library.list_append(1)
    with pytest.raises(Trap) as caught:
        library.list_get(1)
    assert caught.value.kind == TrapKind.BOUNDS
    assert caught.value.file.endswith("lists.py")


@given(steps(("push", U16), ("push_over", U16), ("pop",), ("peek", SMALL)))
def test_a_ring_is_a_queue_of_fixed_length(library: Program, todo: list[tuple[Any, ...]]) -> None:
    while library.ring_pop() != -1:
        pass
    model: deque[int] = deque(maxlen=CAPACITY)
    for name, *arguments in todo:
        full = len(model) == CAPACITY
        if name == "push":
            assert library.ring_push(*arguments) == (not full)
            if not full:
                model.append(*arguments)
        elif name == "push_over":
            assert library.ring_push_over(*arguments) == full
            model.append(*arguments)
        elif name == "pop":
            assert library.ring_pop() == (model.popleft() if model else -1)
        elif arguments[0] < len(model):
            assert library.ring_peek(*arguments) == model[arguments[0]]
        assert library.ring_count() == len(model)


KEYS = st.one_of(st.integers(0, 12), st.sampled_from([2**32, 2**63, 2**64 - 1, 2**64 - 2]))


@settings(max_examples=300)
@given(steps(("put", KEYS, st.integers(0, 255)), ("get", KEYS), ("remove", KEYS)))
def test_a_map_does_what_python_s_dict_does_also_when_it_is_full(library: Program, todo: list[tuple[Any, ...]]) -> None:
    model: dict[int, int] = {}
    touched: set[int] = set()
    for name, key, *value in todo:
        touched.add(key)
        if name == "put":
            fits = key in model or len(model) < SLOTS
            assert library.map_put(key, *value) == fits
            if fits:
                model[key] = value[0]
        elif name == "get":
            assert library.map_get(key) == model.get(key, -1)
        else:
            assert library.map_remove(key) == (model.pop(key, None) is not None)
        assert library.map_count() == len(model)
    assert {key: library.map_get(key) for key in touched} == {key: model.get(key, -1) for key in touched}
    if sum(model) < 2**64:
        assert library.map_sum_of_keys() == sum(model)
    for key in touched:
        library.map_remove(key)
    assert library.map_count() == 0


@given(steps(("take", U32), ("release", SMALL), ("release again", st.integers(0, 40))))
def test_ids_of_a_pool_name_only_what_they_were_given_for(todo: list[tuple[Any, ...]]) -> None:
    library = load(SOURCE)
    alive: dict[int, int] = {}
    stale: list[int] = [0, 2**64 - 1, CAPACITY, 2 << 32]
    for name, argument in todo:
        if name == "take":
            id = library.pool_take(argument)
            assert (id != 0) == (len(alive) < CAPACITY)
            if id:
                assert id not in alive and id not in stale
                alive[id] = argument
        elif name == "release" and argument < len(alive):
            id = sorted(alive)[int(argument)]
            assert library.pool_release(id)
            del alive[id]
            stale.append(id)
        elif name == "release again":
            assert not library.pool_release(stale[argument % len(stale)])
        assert {id: library.pool_get(id) for id in alive} == alive
        assert all(library.pool_get(id) == -1 for id in stale)
        assert library.pool_count() == len(alive)
    assert library.pool_walk() == sum(alive.values())


def test_a_slot_whose_generations_are_used_up_is_retired() -> None:
    library = load(SOURCE)
    first = library.pool_take(1)
    assert library.pool_release(first)
    library.pool_age(0, 2**32 - 2)
    last = library.pool_take(2)
    assert last >> 32 == 2**32 - 1
    assert library.pool_release(last)
    assert library.pool_get(last) == -1
    ids = [library.pool_take(3) for _ in range(CAPACITY)]
    assert ids[-1] == 0 and all(id & 0xFFFF_FFFF != 0 for id in ids[:-1])


BITS = 192


@given(steps(("put", st.integers(0, BITS - 1), st.booleans()), ("fill", st.booleans())))
def test_a_bitmap_is_a_set_of_numbers(library: Program, todo: list[tuple[Any, ...]]) -> None:
    library.bit_fill(False)
    model: set[int] = set()
    for name, *arguments in todo:
        if name == "fill":
            library.bit_fill(arguments[0])
            model = set(range(BITS)) if arguments[0] else set()
        else:
            library.bit_put(*arguments)
            (model.add if arguments[1] else model.discard)(arguments[0])
    assert library.bit_count() == len(model)
    assert library.bit_first_set() == min(model, default=-1)
    assert library.bit_first_clear() == min(set(range(BITS)) - model, default=-1)
    walked: list[int] = []
    at = library.bit_next_set(0)
    while at >= 0:
        walked.append(at)
        at = library.bit_next_set(at + 1)
    assert walked == sorted(model)
    assert all(library.bit_test(index) == (index in model) for index in range(0, BITS, 7))


def test_a_bit_outside_traps() -> None:
    library = load(SOURCE)
    with pytest.raises(Trap) as caught:
        library.bit_test(BITS)
    assert caught.value.kind == TrapKind.BOUNDS
