"""A function value is kept, replaced, compared and called from wherever it is kept."""
# cpython
from __future__ import annotations

from collections.abc import Callable

from metal import Array, Ptr, array, struct, u32


@struct
class Device:
    state: u32 = 0
    driver: Ptr[Driver] | None = None


@struct
class Driver:
    start: Callable[[Ptr[Device]], None]
    read: Callable[[Ptr[Device], u32], u32]
    stop: Callable[[Ptr[Device]], None] | None = None


def up(d: Ptr[Device]) -> None:
    d.state = 1


def double(d: Ptr[Device], n: u32) -> u32:
    d.state += 1
    return n * 2


def triple(d: Ptr[Device], n: u32) -> u32:
    return n * 3 + d.state


first: Driver = Driver(up, double)
second: Driver = Driver(up, triple, up)
devices: Array[Device] = array(2)


def use(d: Ptr[Device], n: u32) -> u32:
    driver = d.driver
    if driver is None:
        return 0
    driver.start(d)
    r = driver.read(d, n)
    stop = driver.stop
    if stop is not None:
        stop(d)
    return r


def test_calls() -> None:
    assert use(devices[0], 5) == 0
    devices[0].driver = first
    devices[1].driver = second
    assert use(devices[0], 5) == 10
    assert devices[0].state == 2
    assert use(devices[1], 5) == 16
    first.read = triple
    assert use(devices[0], 5) == 16
    assert first.read is second.read
    assert first.stop is None
