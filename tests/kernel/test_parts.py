"""The kernel's pure parts, each alone: budgets, timers, blocks of memory, the list of RAM."""

from __future__ import annotations

import ctypes
import random
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from metal.compiler.harness import Program, load
from tests.kernel.machine import compiled

PROGRAM: list[Program] = []


def program() -> Program:
    """One kernel for all these tests: the parts keep their state in what they are given."""
    if not PROGRAM:
        PROGRAM.append(compiled())
    return PROGRAM[0]


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@example(budget=192, rest=192, limit=2, uses=[(0, 64), (128, 64), (0, 64), (64, 64), (0, 64), (0, 64)])
@example(budget=192, rest=192, limit=2, uses=[(0, 64), (128, 128), (64, 128), (0, 64), (0, 64)])
@given(
    budget=st.integers(64, 900), rest=st.integers(0, 900), limit=st.integers(2, 8),
    uses=st.lists(st.tuples(st.integers(0, 700), st.integers(1, 400)), max_size=40),
)  # fmt: skip
def test_no_window_of_a_period_gets_more_than_the_budget(
    budget: int, rest: int, limit: int, uses: list[tuple[int, int]]
) -> None:
    refills, period = program(), budget + rest
    context = refills.new("Context", limit=limit)
    refills["kernel.refills.configure"](context, budget, period, 0)
    now, spent = 0, list[tuple[int, int]]()
    for idle, wanted in uses:
        now += idle
        refills["kernel.refills.melt"](context, now)
        if not refills["kernel.refills.is_due"](context, now):
            now = int(refills["kernel.refills.head_time"](context))
            refills["kernel.refills.melt"](context, now)
        amount = min(wanted, int(refills["kernel.refills.head_amount"](context)))
        refills["kernel.refills.charge"](context, now, amount)
        spent.append((now, amount))
        now += amount
        assert sum(context.amounts[(context.first + index) & 7] for index in range(context.count)) == budget
        assert context.count <= limit
    for start, _ in spent:
        used = sum(
            min(begin + amount, start + period) - begin for begin, amount in spent if start <= begin < start + period
        )
        assert used <= budget, f"{used} of {budget} in the period from {start}"


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 30)), max_size=120))
def test_timers_come_in_the_order_of_their_times(steps: list[tuple[bool, int]]) -> None:
    kernel = program()
    heap = kernel.new("Timers")
    timers = [kernel.new("Timer") for _ in range(12)]
    times: dict[int, int] = {}
    for number, (starts, value) in enumerate(steps):
        index = (number * 7 + value) % 12
        if index in times and not starts:
            kernel["kernel.timers.stop"](heap, timers[index])
            del times[index]
        elif index not in times and starts:
            kernel["kernel.timers.start"](heap, timers[index], value)
            times[index] = value
        first = kernel["kernel.timers.first_time"](heap)
        assert first == min(times.values(), default=(1 << 64) - 1)
        assert heap.count == len(times)


def test_blocks_never_overlap_and_all_come_back() -> None:
    kernel = program()
    for seed in range(20):
        dice = random.Random(seed)
        size = 4096 * dice.choice([1, 5, 64, 100])
        store = ctypes.create_string_buffer(size + 4096)
        base = -(-ctypes.addressof(store) // 4096) * 4096
        memory = kernel.new("Memory", base=base, size=size)
        held: dict[int, int] = {}
        for _ in range(300):
            if held and dice.random() < 0.45:
                address = dice.choice(list(held))
                kernel["kernel.memory.blocks.give"](memory, address, held.pop(address))
            else:
                wanted, aligned = dice.choice([1, 64, 65, 300, 2000, 4096, 5000, 9000]), dice.choice([0, 0, 12])
                address = kernel["kernel.memory.blocks.take"](memory, wanted, aligned)
                if address:
                    assert address % (1 << aligned) == 0 and base <= address and address + wanted <= base + size
                    grains = -(-wanted // 64) * 64
                    assert all(
                        address + grains <= other or other + -(-bytes_ // 64) * 64 <= address
                        for other, bytes_ in held.items()
                    )
                    held[address] = wanted
                    ctypes.memset(address, 0xFF, wanted)
        for address, wanted in held.items():
            kernel["kernel.memory.blocks.give"](memory, address, wanted)
        assert memory.used == 0


def test_what_is_cut_out_of_memory_is_not_given_out() -> None:
    ranges = load(Path(__file__).resolve().parents[2] / "kernel" / "ranges.py")
    pieces = ranges.new("Pieces")
    ranges.add(pieces, 0x1000, 0x9000)
    ranges.cut(pieces, 0x3000, 0x4000)
    ranges.cut(pieces, 0x8000, 0xA000)
    assert [(pieces.list[i].start, pieces.list[i].end) for i in range(pieces.count)] == [
        (0x1000, 0x3000),
        (0x4000, 0x8000),
    ]
