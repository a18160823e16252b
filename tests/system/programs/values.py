"""A service with every kind of value a call can carry, placed as a function of this same program."""

from __future__ import annotations

from enum import Enum

from metal import F64, I64, Slice, View, as_text, f32, f64, i8, i64, struct, u8, u16, u64, w32
from system.app import CallError, connect, interface, offer
from system.runtime.server import server


class Mode(Enum):
    """What a lamp shows; no member is 0, and there is a gap."""

    DARK = 1
    BRIGHT = 2
    BLINKING = 7


@interface
class Echo:
    """Gives back what it gets, in ways that show that nothing was lost."""

    def truth(self, value: bool) -> bool | CallError: ...
    def small(self, value: i8, other: u16) -> i64 | CallError: ...
    def wrapping(self, value: w32) -> w32 | CallError: ...
    def many(self, a: u64, b: u64, c: u64, d: u64, e: u64, f: u64, g: u64, h: u64, i: u64) -> u64 | CallError: ...
    def next_mode(self, mode: Mode) -> Mode | CallError: ...
    def half(self, value: f64, other: f32) -> f64 | CallError: ...
    def single(self, value: f32) -> f32 | CallError: ...
    def length(self, text: str) -> u64 | CallError: ...
    def reverse(self, data: View[u8], into: Slice[u8]) -> u64 | CallError: ...
    def nothing(self, wanted: u8) -> CallError | None: ...


@struct
class Mirror:
    """What Echo promises; three of its methods never fail by themselves."""

    calls: u64 = 0

    def truth(self, value: bool) -> bool:
        self.calls += 1
        return value

    def small(self, value: i8, other: u16) -> i64:
        return I64(value) * 1000 + I64(other)

    def wrapping(self, value: w32) -> w32 | CallError:
        return value + 1

    def many(self, a: u64, b: u64, c: u64, d: u64, e: u64, f: u64, g: u64, h: u64, i: u64) -> u64:
        return ((((((((a * 3 + b) * 3 + c) * 3 + d) * 3 + e) * 3 + f) * 3 + g) * 3 + h) * 3) + i

    def next_mode(self, mode: Mode) -> Mode:
        match mode:
            case Mode.DARK:
                return Mode.BRIGHT
            case Mode.BRIGHT:
                return Mode.BLINKING
            case Mode.BLINKING:
                return Mode.DARK

    def half(self, value: f64, other: f32) -> f64:
        return value / 2.0 + F64(other)

    def single(self, value: f32) -> f32:
        return value

    def length(self, text: str) -> u64:
        return len(text.encode())

    def reverse(self, data: View[u8], into: Slice[u8]) -> u64 | CallError:
        if len(data) > len(into):
            return CallError.REFUSED
        for index in range(len(data)):
            assert into[index] == 0
            into[index] = data[len(data) - 1 - index]
        return len(data)

    def nothing(self, wanted: u8) -> CallError | None:
        if wanted == 0:
            return None
        return CallError(int(wanted))


mirror: Mirror = Mirror()


def place() -> None:
    """Registers the service in this program."""
    server.placing = True
    offer(Echo, mirror, "echo")
    server.placing = False


def truth(value: bool) -> bool | CallError:
    echo = connect(Echo, "echo")
    if isinstance(echo, CallError):
        return echo
    return echo.truth(value)


def small(value: i8, other: u16) -> i64 | CallError:
    echo = connect(Echo, "echo")
    if isinstance(echo, CallError):
        return echo
    return echo.small(value, other)


def wrapping(value: w32) -> w32 | CallError:
    echo = connect(Echo, "echo")
    if isinstance(echo, CallError):
        return echo
    return echo.wrapping(value)


def many(a: u64, b: u64, c: u64, d: u64, e: u64, f: u64, g: u64, h: u64, i: u64) -> u64 | CallError:
    echo = connect(Echo, "echo")
    if isinstance(echo, CallError):
        return echo
    return echo.many(a, b, c, d, e, f, g, h, i)


def next_mode(mode: Mode) -> Mode | CallError:
    echo = connect(Echo, "echo")
    if isinstance(echo, CallError):
        return echo
    return echo.next_mode(mode)


def half(value: f64, other: f32) -> f64 | CallError:
    echo = connect(Echo, "echo")
    if isinstance(echo, CallError):
        return echo
    return echo.half(value, other)


def single(value: f32) -> f32 | CallError:
    echo = connect(Echo, "echo")
    if isinstance(echo, CallError):
        return echo
    return echo.single(value)


def length(data: View[u8]) -> u64 | CallError:
    echo = connect(Echo, "echo")
    if isinstance(echo, CallError):
        return echo
    return echo.length(as_text(data))


def reverse(data: View[u8], into: Slice[u8]) -> u64 | CallError:
    echo = connect(Echo, "echo")
    if isinstance(echo, CallError):
        return echo
    return echo.reverse(data, into)


def nothing(wanted: u8) -> CallError | None:
    echo = connect(Echo, "echo")
    if isinstance(echo, CallError):
        return echo
    return echo.nothing(wanted)


def absent() -> CallError | None:
    echo = connect(Echo, "nobody")
    if isinstance(echo, CallError):
        return echo
    return None


def calls() -> u64:
    return mirror.calls
