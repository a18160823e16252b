"""Runs the kernel's tests, shortened, in one process: `python -m tests.kernel.detect` fails when they see a bug."""

from __future__ import annotations

import inspect
import random
import resource

from tests.kernel import test_calls, test_parts, test_refusals
from tests.kernel.machine import Machine, compiled
from tests.kernel.test_model import ACTIONS, Pair
from tests.kernel.world import World

# Seconds of processor time, many times what a sound kernel takes: one that hangs is ended by it, and so is seen.
PATIENCE = 60


def scenarios() -> None:
    """Every test of single calls, once, and every scene of refusals."""
    for name, test in vars(test_calls).items():
        if name.startswith("test_"):
            wants = list(inspect.signature(test).parameters)
            test(*([Machine()] if wants else []), *([1] if "patience" in wants else []))
    for play in test_refusals.SCENES:
        machine = Machine()
        play(machine)
        if not machine.state.stopped and not machine.state.restarted:
            machine.program.check(machine.root)


def parts() -> None:
    """The pure parts."""
    for name, test in vars(test_parts).items():
        if name.startswith("test_"):
            test()


def models(runs: int) -> None:
    """Kernel and model side by side."""
    for seed in range(runs):
        dice, pair = random.Random(seed), Pair()
        for _ in range(100):
            pair.step((dice.choice(ACTIONS), dice.randrange(12), dice.randrange(21), dice.randrange(1000)))


def worlds(runs: int) -> None:
    """Random calls of everything, on one CPU and on two."""
    for seed in range(runs):
        cpus = 1 + seed % 2
        world = World.make(compiled(cpus), seed, cpus)
        for _ in range(150):
            world.step()


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CPU, (PATIENCE, PATIENCE))
    scenarios()
    parts()
    models(40)
    worlds(16)
