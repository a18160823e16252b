"""What an app imports: services, time, threads, arguments."""

from abi.interface import CallError, Handle, idempotent, interface, posted
from abi.kernel import Error
from system.runtime.arena import NoMemory, granted_bytes, granted_left, granted_words
from system.runtime.arguments import Arguments
from system.runtime.interfaces import connect, offer, serve
from system.runtime.threads import current_thread, join_thread, signal_thread, start_thread
from system.runtime.time import FOREVER, Ticker, microseconds, milliseconds, now, seconds, sleep, wait_for_bits

__all__ = [
    "FOREVER", "Arguments", "CallError", "Error", "Handle", "NoMemory", "Ticker", "connect", "current_thread",
    "granted_bytes", "granted_left", "granted_words", "idempotent", "interface", "join_thread", "microseconds",
    "milliseconds", "now", "offer", "posted", "seconds", "serve", "signal_thread", "sleep", "start_thread",
    "wait_for_bits",
]  # fmt: skip
