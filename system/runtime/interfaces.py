"""`connect`, `serve` and `offer` as an editor sees them; the compiler puts the generated stubs in their place."""

from __future__ import annotations

from typing import TypeVar

from abi.interface import CallError
from metal import u64

T = TypeVar("T")


def connect(interface: type[T], name: str, timeout: u64 = 0) -> T | CallError:
    """The service of that name. A call waits at most `timeout` nanoseconds for the service to take it."""
    raise RuntimeError(f"{interface.__name__} {name} can only be reached from a compiled program, not within {timeout}")


def serve(interface: type[object], implementation: object, name: str) -> None:
    """Serves calls with a global object, for ever; placed inside another program it only registers the object."""
    raise RuntimeError(f"{name} can only be served by a compiled program: {interface} {implementation}")


def offer(interface: type[object], implementation: object, name: str) -> None:
    """Registers one service of several; `serve_until` then serves them all."""
    raise RuntimeError(f"{name} can only be offered by a compiled program: {interface} {implementation}")
