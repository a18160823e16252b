"""What a caller may decide about one compilation."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Options:
    """The choices that change what is compiled; all of them belong to the key of the cache."""

    replace: dict[str, str] = field(default_factory=dict[str, str])
    """Modules compiled in the place of others: {"kernel.arch.chosen": "kernel.arch.host"}."""
    define: dict[str, int] = field(default_factory=dict[str, int])
    """Values for `Final` constants: {"kernel.limits.CPUS": 2}."""
    include: tuple[str, ...] = ()
    """Modules that belong to the program though nothing imports them, such as the one that gives `metal_write`."""
    kernel: bool = False
    """A kernel: no floats, no recursion, the worst stack is computed."""
    often: tuple[str, ...] = ()
    """Modules, each with those below it, to be compiled for speed; when there are any, all others for size."""
    overflow: str = "trap"
    """"trap" or "wrap": what arithmetic of uN and iN does when it leaves its type."""
    trap: str = "table"
    """"table" (address, line and kind in a section) or "host" (a call into the test harness)."""
    debug: bool = False
    """Compile for stepping with a debugger rather than for speed."""
    all_functions: bool = False
    """Keep every function of the entry module under its own name, for tests that call them."""
    skip_checks: frozenset[str] = frozenset()
    """Names of checks of `metal.compiler.checks` to leave out: how tests prove that each one is needed."""
