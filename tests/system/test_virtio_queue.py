"""The virtqueue against a device that is played here: what it offers, and what it believes of what comes back."""

from __future__ import annotations

import ctypes
import struct
from typing import Any

import pytest

from metal.compiler.harness import Trap, load

QUEUE = "system.drivers.virtio.queue.Queue."
SIZE, AVAILABLE, USED, NO_REQUEST = 8, 128, 256, 0xFFFF_FFFF
PHYSICAL = 0x4_0000_0000


class Device:
    """The queue's memory, and the device's side of it."""

    def __init__(self) -> None:
        self.program = load("system.drivers.virtio.queue")
        self.memory = ctypes.create_string_buffer(b"\xff" * 512, 512)
        self.queue = self.program.new("Queue")
        self("begin", ctypes.addressof(self.memory), PHYSICAL)
        self.used = 0

    def __call__(self, method: str, *arguments: object) -> Any:
        return self.program[QUEUE + method](self.queue, *arguments)

    def index(self) -> int:
        return struct.unpack_from("<H", self.memory, AVAILABLE + 2)[0]

    def finish(self, slot: int, length: int) -> None:
        struct.pack_into("<II", self.memory, USED + 4 + self.used % SIZE * 8, slot, length)
        self.used += 1
        struct.pack_into("<H", self.memory, USED + 2, self.used & 0xFFFF)


@pytest.fixture
def device() -> Device:
    return Device()


def test_an_empty_queue_has_nothing_on_offer_and_nothing_finished(device: Device) -> None:
    assert bytes(device.memory) == bytes(512)
    assert device("take") == NO_REQUEST


def test_a_buffer_is_described_before_it_is_offered(device: Device) -> None:
    device("offer", PHYSICAL + 512, 100)
    assert struct.unpack_from("<QIHH", device.memory, 0) == (PHYSICAL + 512, 100, 2, 0)
    assert struct.unpack_from("<HHH", device.memory, AVAILABLE) == (0, 1, 0)
    assert device("take") == NO_REQUEST
    device.finish(0, 77)
    assert device("take") == 0
    assert device.queue.length == 77
    assert device("take") == NO_REQUEST


def test_indices_go_round_at_their_end(device: Device) -> None:
    for turn in range(0x1_0000 + 3):
        device("offer", PHYSICAL, 1)
        assert device.index() == (turn + 1) & 0xFFFF
        device.finish(turn % SIZE, turn % 500)
        assert device("take") == turn % SIZE
        assert device.queue.length == turn % 500


def test_a_device_that_finishes_what_it_was_not_given_is_not_believed(device: Device) -> None:
    device.finish(0, 1)
    assert device("take") == NO_REQUEST
    device("offer", PHYSICAL, 1)
    device.used = 0
    device.finish(SIZE, 1)
    with pytest.raises(Trap):
        device("take")
