"""A service with every kind of value a call can carry, placed as a function of this same program."""

from __future__ import annotations

from enum import Enum

from metal import (
    F64,
    I64,
    Array,
    Ptr,
    Slice,
    View,
    array,
    as_text,
    assign,
    f32,
    f64,
    i8,
    i64,
    struct,
    u8,
    u16,
    u64,
    w32,
)  # fmt: skip
from system.app import CallError, connect, interface, offer
from system.runtime.server import server


class Mode(Enum):
    """What a lamp shows; no member is 0, and there is a gap."""

    DARK = 1
    BRIGHT = 2
    BLINKING = 7


@struct
class Point:
    """A place."""

    x: i64 = 0
    y: i8 = 0


@struct
class Track:
    """Something of everything that a struct can carry."""

    start: Point = Point()
    mode: Mode = Mode.DARK
    closed: bool = False
    weight: f32 = 0.0
    name: Array[u8] = array(5)
    steps: Array[u16] = array(3)


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
    def mirrored(self, point: Point) -> Point | CallError: ...
    def turned(self, track: Ptr[Track], by: Point) -> Ptr[Track] | CallError: ...
    def title(self, text: str) -> str | CallError: ...
    def halves(self, data: View[u8]) -> View[u8] | CallError: ...


@struct
class Mirror:
    """What Echo promises; three of its methods never fail by themselves."""

    calls: u64 = 0
    point: Point = Point()
    track: Track = Track()
    bytes: Array[u8] = array(4000)

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

    def mirrored(self, point: Point) -> Point:
        self.point.x = 0 - point.x
        self.point.y = 0 - point.y
        # What comes is a copy: nobody else sees this.
        point.x = 99
        return self.point

    def turned(self, track: Ptr[Track], by: Point) -> Ptr[Track] | CallError:
        if by.x == 0:
            return CallError.REFUSED
        assign(self.track, track)
        self.track.start.x += by.x
        self.track.closed = not track.closed
        self.track.mode = self.next_mode(track.mode)
        for index in range(5):
            self.track.name[index] = track.name[4 - index]
        for index in range(3):
            self.track.steps[index] = track.steps[2 - index]
        return self.track

    def title(self, text: str) -> str:
        data = text.encode()
        self.bytes[0] = 42
        self.bytes[1 : len(data) + 1].copy_from(data)
        return as_text(self.bytes[0 : len(data) + 1])

    def halves(self, data: View[u8]) -> View[u8] | CallError:
        if len(data) == 1:
            return CallError.TIMED_OUT
        half = len(data) // 2
        self.bytes[0:half].copy_from(data[0:half])
        # Twice what came does not fit when much came.
        return self.bytes[0:half] if half < 100 else self.bytes


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


given: Point = Point()


def mirrored(x: i64, y: i8) -> i64 | CallError:
    """The result is 1000 x + y of what came back; the point that was sent is unchanged."""
    echo = connect(Echo, "echo")
    if isinstance(echo, CallError):
        return echo
    given.x = x
    given.y = y
    back = echo.mirrored(given)
    if isinstance(back, CallError):
        return back
    assert given.x == x
    assert given.y == y
    return back.x * 1000 + I64(back.y)


track: Track = Track()


def turned(by: i64, name: View[u8], steps: View[u16], mode: Mode, weight: f32) -> CallError | None:
    """Sends a track and leaves what came back in `track`."""
    echo = connect(Echo, "echo")
    if isinstance(echo, CallError):
        return echo
    step = Point(by, -1)
    track.start.x = 7
    track.start.y = -7
    track.closed = False
    track.weight = weight
    track.mode = mode
    track.name.copy_from(name)
    track.steps.copy_from(steps)
    back = echo.turned(track, step)
    if isinstance(back, CallError):
        return back
    assign(track, back)
    return None


def turned_place() -> i64:
    return track.start.x * 1000 + I64(track.start.y)


def turned_kind() -> Mode:
    assert track.closed
    return track.mode


def turned_weight() -> f32:
    return track.weight


def turned_name(into: Slice[u8]) -> None:
    into.copy_from(track.name)


def turned_step(index: u64) -> u16:
    return track.steps[index]


def title(data: View[u8], into: Slice[u8]) -> u64 | CallError:
    echo = connect(Echo, "echo")
    if isinstance(echo, CallError):
        return echo
    text = echo.title(as_text(data))
    if isinstance(text, CallError):
        return text
    back = text.encode()
    into[0 : len(back)].copy_from(back)
    return len(back)


def halves(data: View[u8], into: Slice[u8]) -> u64 | CallError:
    echo = connect(Echo, "echo")
    if isinstance(echo, CallError):
        return echo
    back = echo.halves(data)
    if isinstance(back, CallError):
        return back
    into[0 : len(back)].copy_from(back)
    return len(back)


def results_of_two_objects() -> bool:
    """Each call of `connect` gives an object with storage of its own for results."""
    one = connect(Echo, "echo")
    other = connect(Echo, "echo")
    if isinstance(one, CallError) or isinstance(other, CallError):
        return False
    first = one.mirrored(Point(1, 1))
    second = other.mirrored(Point(2, 2))
    if isinstance(first, CallError) or isinstance(second, CallError):
        return False
    return first.x == -1 and second.x == -2
