"""Random calls from several threads, interrupted in the middle: after each step the kernel's invariants hold."""

from __future__ import annotations

from collections import Counter

import pytest

from abi.kernel import Call, Error
from metal.compiler.harness import Trap
from tests.kernel.machine import compiled
from tests.kernel.world import World

STEPS = 150


def walk(seed: int, cpus: int, seen: Counter[tuple[Call, Error | None]]) -> None:
    """One run of a world; a failure shows its last steps."""
    world = World.make(compiled(cpus), seed, cpus)
    try:
        for _ in range(STEPS):
            world.step()
    except (Trap, AssertionError) as failure:
        pytest.fail(f"seed {seed}: {failure}\n" + "\n".join(world.trace[-25:]))
    seen.update(world.seen)


@pytest.mark.parametrize("cpus", [1, 2])
def test_random_calls_keep_the_invariants(cpus: int) -> None:
    seen: Counter[tuple[Call, Error | None]] = Counter()
    for seed in range(30):
        walk(seed, cpus, seen)
    assert seen
