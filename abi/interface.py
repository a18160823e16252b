"""What a caller and a service agree on, whatever lies between them: how an interface is written, how a call fails."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import TypeAlias, TypeVar

from metal import u64

T = TypeVar("T")
C = TypeVar("C", bound=Callable[..., object])

Handle: TypeAlias = u64
"""A handle that travels with a call: the service gets one of its own to the same object."""


class CallError(Enum):
    """Why a call has no result; 0, success, is not one of them."""

    SERVER_DIED = 1  # the service ended while it had the call: perhaps executed
    UNREACHABLE = 2  # nobody serves it, or the plan does not let this program call it: not executed
    REFUSED = 3  # the service does not know a method with this signature, or refuses this caller: not executed
    TIMED_OUT = 4  # the service did not take the call in time: not executed
    TOO_LARGE = 5  # the values do not fit into a message: not executed


def interface(declared: type[T]) -> type[T]:
    """Marks a class whose methods are promises; the compiler makes the caller's and the service's side of it."""
    return declared


def idempotent(method: C) -> C:
    """Marks a method that may be executed twice, so a call is repeated when the service died with it."""
    return method


def posted(method: C) -> C:
    """Marks a method nobody waits for: the call is over when the service has taken it."""
    return method
