"""Copying storage under CPython as a compiled program copies it: inline parts in place, references as references."""

from __future__ import annotations

import copy
from typing import Any


def is_storage(value: Any) -> bool:
    """Whether a value is a struct or an array, not a number or None."""
    return hasattr(value, "__metal_fields__") or hasattr(value, "__metal_elements__")


def is_inline(owner: Any, name: str) -> bool:
    """Whether a field holds its struct or array inside its owner, rather than a reference to one elsewhere."""
    default = owner.__metal_defaults__.get(name)
    if default is not None:
        return is_storage(default)
    annotation = type(owner).__annotations__[name]
    shown = annotation if isinstance(annotation, str) else repr(annotation)
    reference = shown.startswith(("Ptr", "Slice", "View")) or "'ptr'" in shown or "None" in shown
    return not reference and is_storage(getattr(owner, name))


def copied(value: Any) -> Any:
    """A copy that shares no storage with the original, and all references."""
    if hasattr(value, "__metal_elements__"):
        made = copy.copy(value)
        made.__metal_elements__([copied(item) if value.__metal_inline__() else item for item in value])
        return made
    if hasattr(value, "__metal_fields__"):
        made = copy.copy(value)
        for name in value.__metal_fields__:
            if is_inline(value, name):
                setattr(made, name, copied(getattr(value, name)))
        return made
    return value


def overwrite(target: Any, value: Any) -> None:
    """Give existing storage the content of a copy, so that whoever refers to a part of it sees the new content."""
    if hasattr(target, "__metal_elements__"):
        target.copy_from(value)
        return
    for name in target.__metal_fields__:
        if is_inline(target, name):
            overwrite(getattr(target, name), getattr(value, name))
        else:
            setattr(target, name, getattr(value, name))
