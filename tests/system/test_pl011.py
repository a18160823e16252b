"""The serial driver against registers in plain memory: what it does when the device is full or has something."""

from __future__ import annotations

import ctypes
import mmap
from collections.abc import Iterator
from typing import Any

import pytest

from abi.kernel import Call
from metal.compiler.harness import load

DATA, FLAGS, MASK, CLEAR = 0x00, 0x18, 0x38, 0x44
RECEIVE_EMPTY, TRANSMIT_FULL = 1 << 4, 1 << 5
ON_RECEIVE, ON_TRANSMIT, ON_TIMEOUT = 1 << 4, 1 << 5, 1 << 6
LISTENER = 77


class Device:
    """One page of registers, and the kernel calls that the driver makes."""

    def __init__(self) -> None:
        self.page = mmap.mmap(-1, 4096)
        self.address = ctypes.addressof(ctypes.c_char.from_buffer(self.page))
        self.calls: list[tuple[str, int]] = []

    def __getitem__(self, offset: int) -> int:
        return int.from_bytes(self.page[offset : offset + 4], "little")

    def __setitem__(self, offset: int, value: int) -> None:
        self.page[offset : offset + 4] = value.to_bytes(4, "little")

    def answer(self, operation: int, handle: int, reply: int, words: list[int]) -> tuple[int, int]:
        self.calls.append((Call(operation).name, handle))
        return 0, 0


@pytest.fixture
def device() -> Device:
    return Device()


@pytest.fixture
def driver(device: Device) -> Iterator[Any]:
    program = load("system.drivers.uart.pl011")
    program.answer_kernel_calls(device.answer)
    device[FLAGS] = RECEIVE_EMPTY
    call(program, "begin", device.address, 5)
    yield program


def call(driver: Any, method: str, *arguments: object) -> Any:
    """One method of the driver's only object."""
    uart = driver.global_at("system.drivers.uart.pl011.uart")
    return driver[f"system.drivers.uart.pl011.Pl011.{method}"](uart, *arguments)


def test_it_begins_with_only_the_receive_interrupts(driver: Any, device: Device) -> None:
    assert device[MASK] == ON_RECEIVE | ON_TIMEOUT
    assert ("INTERRUPT_BIND", 5) in device.calls


def test_what_the_device_does_not_take_waits_for_its_interrupt(driver: Any, device: Device) -> None:
    device[FLAGS] = RECEIVE_EMPTY | TRANSMIT_FULL
    assert call(driver, "write", b"abc") == 3
    assert call(driver, "pending") == 3
    assert device[MASK] == ON_RECEIVE | ON_TIMEOUT | ON_TRANSMIT
    device[FLAGS] = RECEIVE_EMPTY
    call(driver, "on_interrupt")
    assert device[DATA] == ord("c")
    assert call(driver, "pending") == 0
    assert device[MASK] == ON_RECEIVE | ON_TIMEOUT
    assert device[CLEAR] == 0x7FF
    assert device.calls[-1] == ("INTERRUPT_ACKNOWLEDGE", 5)
    assert call(driver, "interrupts") == 1


def test_a_writer_without_room_is_told_when_there_is_some(driver: Any, device: Device) -> None:
    call(driver, "listen", LISTENER)
    device[FLAGS] = RECEIVE_EMPTY | TRANSMIT_FULL
    assert call(driver, "write", bytes(3000)) == 3000
    assert call(driver, "write", bytes(3000)) == 4096 - 3000
    assert call(driver, "write", b"x") == 0
    call(driver, "on_interrupt")
    assert ("SIGNAL", LISTENER) not in device.calls
    device[FLAGS] = RECEIVE_EMPTY
    call(driver, "on_interrupt")
    assert ("SIGNAL", LISTENER) in device.calls


def test_the_ring_takes_what_fits_and_gives_it_back_in_order(driver: Any, device: Device) -> None:
    uart = driver.global_at("system.drivers.uart.pl011.uart")
    incoming = uart.line.incoming
    put = driver["system.runtime.rings.ByteRing.put"]
    assert all(put(incoming, index % 256) for index in range(4096))
    assert not put(incoming, 0)
    into = bytearray(4096)
    assert call(driver, "read", into) == 4096
    assert into == bytes(index % 256 for index in range(4096))
