"""What an app imports: services, time, threads, arguments."""

from abi.interface import CallError, Handle, idempotent, interface, posted
from system.runtime.arguments import Arguments
from system.runtime.interfaces import connect, offer, serve
from system.runtime.time import FOREVER, Ticker, microseconds, milliseconds, now, seconds, sleep, wait_for_bits

__all__ = [
    "FOREVER", "Arguments", "CallError", "Handle", "Ticker", "connect", "idempotent", "interface", "microseconds",
    "milliseconds", "now", "offer", "posted", "seconds", "serve", "sleep", "wait_for_bits",
]  # fmt: skip
