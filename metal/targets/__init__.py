"""The machines that typed Python is compiled for, one module each; a module's `TARGET` is its record."""

from __future__ import annotations

import importlib
import pkgutil

from metal.targets.target import Target


def target_names() -> list[str]:
    """The names a command line may give, in order."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__) if module.name != "target")


def target_named(name: str) -> Target:
    """The record of one target; `KeyError` when there is none of that name."""
    if name not in target_names():
        raise KeyError(name)
    record: Target = importlib.import_module(f"metal.targets.{name}").TARGET
    return record
