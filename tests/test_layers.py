"""Imports go one way, without circles, and powers stay where `layers.toml` says."""

from __future__ import annotations

import tomllib
from typing import Any

from tests.tree import ROOT, Import, Module, fits, modules, target_of

LAYERS: dict[str, Any] = tomllib.loads((ROOT / "layers.toml").read_text(encoding="utf-8"))


def tree_imports(module: Module) -> list[Import]:
    """The imports that stay within the tree."""
    rooms = {name.split(".")[0] for name in modules()}
    return [item for item in module.imports if item.module.split(".")[0] in rooms or item.module.startswith(".")]


def rule_for(name: str) -> list[str]:
    """The longest rule that fits a module."""
    rules: dict[str, list[str]] = LAYERS["imports"]
    return rules[max((rule for rule in rules if fits(name, rule)), key=len)]


def test_every_room_has_a_rule() -> None:
    rules = LAYERS["imports"]
    assert not [name for name in modules() if not any(fits(name, rule) for rule in rules)]


def test_imports_are_by_full_name() -> None:
    relative = [f"{m.shown}:{i.line}" for m in modules().values() for i in m.imports if i.module.startswith(".")]
    assert not relative


def test_rooms_import_only_what_lies_below_them() -> None:
    wrong: list[str] = []
    for module in modules().values():
        allowed = rule_for(module.name)
        for item in tree_imports(module):
            target = target_of(item)
            # "metal" alone is the package's face, not everything in it.
            if not any(
                target == rule if rule == "metal" and "motet" not in allowed else fits(target, rule) for rule in allowed
            ):
                wrong.append(f"{module.shown}:{item.line} imports {target}, which {module.name} may not")
    assert not wrong, "\n".join(wrong)


def test_no_module_is_in_a_circle_of_imports() -> None:
    graph = {
        name: sorted({target_of(item) for item in tree_imports(module)} & modules().keys() - {name})
        for name, module in modules().items()
    }
    circle = find_circle(graph)
    assert not circle, " imports ".join(circle)


def test_the_kernel_is_built_from_the_bottom_up() -> None:
    wrong: list[str] = []
    for groups in LAYERS["order"].values():
        for module in modules().values():
            own = rank(module.name, groups)
            for item in tree_imports(module):
                other = rank(target_of(item), groups)
                if own is not None and other is not None and other > own:
                    wrong.append(f"{module.shown}:{item.line} imports {target_of(item)}, which is not below it")
    assert not wrong, "\n".join(wrong)


def test_every_module_of_the_kernel_has_a_place_in_the_order() -> None:
    groups = LAYERS["order"]["kernel"]
    assert not [name for name in modules() if name.startswith("kernel.") and rank(name, groups) is None]


def test_powers_stay_with_their_holders() -> None:
    wrong: list[str] = []
    for power, rule in LAYERS["powers"].items():
        for module in modules().values():
            in_rooms = module.name.split(".")[0] in ("abi", "kernel", "loader", "system", "apps") or fits(
                module.name, "metal.library"
            )
            if not in_rooms or any(fits(module.name, holder) for holder in rule["holders"]):
                continue
            for item in module.imports:
                if fits(item.module, "metal") and item.name in rule["names"]:
                    wrong.append(f"{module.shown}:{item.line} uses {item.name}, but does not hold the power {power}")
    assert not wrong, "\n".join(wrong)


def test_every_rule_still_has_something_to_say() -> None:
    rules = [*LAYERS["imports"], *(holder for rule in LAYERS["powers"].values() for holder in rule["holders"])]
    names = modules()
    assert not [rule for rule in rules if not any(fits(name, rule) for name in names)]


def rank(name: str, groups: list[list[str]]) -> int | None:
    """The group of a module: that of the longest name that fits."""
    best: tuple[int, int] | None = None
    for index, group in enumerate(groups):
        for prefix in group:
            if fits(name, prefix) and (best is None or len(prefix) > best[0]):
                best = (len(prefix), index)
    return None if best is None else best[1]


def find_circle(graph: dict[str, list[str]]) -> list[str]:
    """One circle of a graph, or nothing."""
    done: set[str] = set()

    def walk(name: str, path: list[str]) -> list[str]:
        if name in path:
            return [*path[path.index(name) :], name]
        if name in done:
            return []
        for target in graph[name]:
            circle = walk(target, [*path, name])
            if circle:
                return circle
        done.add(name)
        return []

    for name in sorted(graph):
        circle = walk(name, [])
        if circle:
            return circle
    return []


def test_a_circle_would_be_found() -> None:
    assert find_circle({"a": ["b"], "b": ["c"], "c": ["a"]}) == ["a", "b", "c", "a"]
    assert find_circle({"a": ["b", "c"], "b": ["c"], "c": []}) == []
