"""Time in nanoseconds since the device started, and waiting for it."""

from __future__ import annotations

from typing import Final

from abi.kernel import NEVER, Error
from metal import Array, Words, array, struct, u64
from system.runtime.calls import clock, wait_until
from system.runtime.program import thread_index

NANOSECONDS: Final = 1_000_000_000
FOREVER: Final = 0xFFFF_FFFF_FFFF_FFFF
SLEEPERS: Final = 256


@struct
class SetAside:
    """Bits that arrived while a thread only slept; whoever waits for bits next gets them."""

    bits: Array[u64] = array(SLEEPERS)


set_aside: SetAside = SetAside()


def microseconds(count: u64) -> u64:
    """A length of time."""
    return count * 1000


def milliseconds(count: u64) -> u64:
    """A length of time."""
    return count * 1_000_000


def seconds(count: u64) -> u64:
    """A length of time."""
    return count * NANOSECONDS


def scale(value: u64, numerator: u64, denominator: u64) -> u64:
    """value * numerator / denominator, rounded down, without an intermediate result that is too large."""
    return value // denominator * numerator + value % denominator * numerator // denominator


def now() -> u64:
    """Nanoseconds since the device started."""
    words = Words()
    clock(words)
    return scale(words.w[0], NANOSECONDS, words.w[1])


def to_nanoseconds(ticks: u64) -> u64:
    """A number of the clock's ticks as a length of time."""
    words = Words()
    clock(words)
    return scale(ticks, NANOSECONDS, words.w[1])


def to_ticks(length: u64) -> u64:
    """A length of time in ticks of the clock, as the kernel counts."""
    words = Words()
    clock(words)
    return scale(length, words.w[1], NANOSECONDS)


def deadline_after(length: u64) -> u64:
    """The tick at which a length of time from now is over."""
    if length == FOREVER:
        return NEVER
    words = Words()
    clock(words)
    return words.w[0] + scale(length, words.w[1], NANOSECONDS)


def sleep(length: u64) -> None:
    """Waits for a length of time; other threads and programs run meanwhile."""
    deadline = deadline_after(length)
    sleeping = True
    while sleeping:
        woken = wait_until(deadline)
        if isinstance(woken, Error):
            sleeping = woken == Error.STOPPED
        else:
            set_aside.bits[thread_index()] |= woken


def wait_for_bits(length: u64) -> u64:
    """Waits until somebody signals this thread; the result is the bits, 0 when the time is over."""
    thread = thread_index()
    earlier = set_aside.bits[thread]
    set_aside.bits[thread] = 0
    if earlier != 0:
        return earlier
    woken = wait_until(deadline_after(length))
    if isinstance(woken, Error):
        return 0
    return woken


@struct
class Ticker:
    """A beat at a fixed period that does not drift."""

    period: u64 = 0
    next: u64 = 0

    def start(self, period: u64) -> None:
        """The first beat is one period from now."""
        self.period = period
        self.next = now() + period

    def wait(self) -> u64:
        """Waits for the next beat; the result is how many were missed."""
        missed: u64 = 0
        current = now()
        if current < self.next:
            sleep(self.next - current)
        else:
            missed = (current - self.next) // self.period
        self.next += self.period * (missed + 1)
        return missed
