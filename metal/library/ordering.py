"""What sorting and searching ask of their elements."""

from __future__ import annotations

from typing import Any, Protocol


class Ordered(Protocol):
    """Every number is ordered; the type checker learns it here, the compiler knows it."""

    def __lt__(self, other: Any, /) -> bool: ...
    def __le__(self, other: Any, /) -> bool: ...
    def __gt__(self, other: Any, /) -> bool: ...
