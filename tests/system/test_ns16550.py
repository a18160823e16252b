"""The NS16550's driver against registers in plain memory: what it does when the device is full or has something."""

from __future__ import annotations

import ctypes
import mmap
from collections.abc import Iterator
from typing import Any

import pytest

from abi.kernel import Call
from metal.compiler.harness import load

DATA, ENABLE, STATUS = 0, 1, 5
TRANSMIT_EMPTY = 1 << 5
ON_RECEIVE, ON_TRANSMIT = 1 << 0, 1 << 1
LISTENER = 77


class Device:
    """One page of registers, and the kernel calls that the driver makes."""

    def __init__(self, spacing: int) -> None:
        self.spacing = spacing
        self.page = mmap.mmap(-1, 4096)
        self.address = ctypes.addressof(ctypes.c_char.from_buffer(self.page))
        self.calls: list[tuple[str, int]] = []

    def __getitem__(self, offset: int) -> int:
        return self.page[offset * self.spacing]

    def __setitem__(self, offset: int, value: int) -> None:
        self.page[offset * self.spacing] = value

    def answer(self, operation: int, handle: int, reply: int, words: list[int]) -> tuple[int, int]:
        self.calls.append((Call(operation).name, handle))
        return 0, 0


@pytest.fixture(params=[1, 8], ids=["side-by-side", "apart"])
def device(request: pytest.FixtureRequest) -> Device:
    return Device(request.param)


@pytest.fixture
def driver(device: Device) -> Iterator[Any]:
    program = load("system.drivers.uart.ns16550")
    program.answer_kernel_calls(device.answer)
    device[STATUS] = TRANSMIT_EMPTY
    call(program, "begin", device.address, 0, device.spacing, 5)
    yield program


def call(driver: Any, method: str, *arguments: object) -> Any:
    """One method of the driver's only object."""
    uart = driver.global_at("system.drivers.uart.ns16550.uart")
    return driver[f"system.drivers.uart.ns16550.Ns16550.{method}"](uart, *arguments)


def test_it_begins_with_only_the_receive_interrupt(driver: Any, device: Device) -> None:
    assert device[ENABLE] == ON_RECEIVE
    assert ("INTERRUPT_BIND", 5) in device.calls


def test_what_the_device_does_not_take_waits_for_its_interrupt(driver: Any, device: Device) -> None:
    device[STATUS] = 0
    assert call(driver, "write", b"abc") == 3
    assert call(driver, "pending") == 3
    assert device[ENABLE] == ON_RECEIVE | ON_TRANSMIT
    device[STATUS] = TRANSMIT_EMPTY
    call(driver, "on_interrupt")
    assert device[DATA] == ord("c")
    assert call(driver, "pending") == 0
    assert device[ENABLE] == ON_RECEIVE
    assert device.calls[-1] == ("INTERRUPT_ACKNOWLEDGE", 5)
    assert call(driver, "interrupts") == 1


def test_a_writer_without_room_is_told_when_there_is_some(driver: Any, device: Device) -> None:
    call(driver, "listen", LISTENER)
    device[STATUS] = 0
    assert call(driver, "write", bytes(5000)) == 4096
    call(driver, "on_interrupt")
    assert ("SIGNAL", LISTENER) not in device.calls
    device[STATUS] = TRANSMIT_EMPTY
    call(driver, "on_interrupt")
    assert ("SIGNAL", LISTENER) in device.calls
