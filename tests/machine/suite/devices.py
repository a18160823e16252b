"""Interrupts arrive as notifications, and devices are reached through memory that was handed out."""

from __future__ import annotations

from typing import Final

from abi.boot import MACHINE, OWN_SPACE
from abi.kernel import READ, WRITE, Error, Kind
from metal import u64
from system.runtime import calls
from tests.machine.probes import chosen as probes
from tests.machine.suite.report import expect, expect_equal, skip
from tests.machine.suite.world import (
    PAGE,
    Maker,
    free_slot,
    make,
    milliseconds,
    must,
    need,
    now,
    shared,
    start,
    stop_here,
    take_addresses,
    wait_for_stage,
    world,
)  # fmt: skip

UNSAFE: Final = True


def driver(argument: u64) -> None:
    """Waits for the device's interrupt three times."""
    for turn in range(3):
        got = calls.wait_until(now() + milliseconds(1000))
        if isinstance(got, Error):
            stop_here()
        else:
            shared().results[turn] = got
        probes.silence_bell(argument)
        if turn < 2:
            need(calls.interrupt_acknowledge(shared().handle))
            probes.ring_bell(argument)
    shared().stage.store(1)
    stop_here()


def an_interrupt_is_a_notification() -> None:
    device = must(calls.machine_device(MACHINE, world.payer, probes.BELL_BASE, PAGE, 0, free_slot()))
    here = take_addresses(PAGE)
    need(calls.map_memory(OWN_SPACE, device, 0, here, PAGE, READ | WRITE))
    if not probes.has_bell(here):
        skip("the machine has no device of this kind")
        return
    line = must(calls.machine_interrupt(MACHINE, world.payer, probes.BELL_LINE, 0, free_slot()))
    again = calls.machine_interrupt(MACHINE, world.payer, probes.BELL_LINE, 0, free_slot())
    expect(isinstance(again, Error) and again == Error.BOUND, "a line has one object")
    notification = make(Kind.NOTIFICATION, 0)
    shared().handle = line
    need(calls.interrupt_bind(line, notification, 8))
    maker = Maker()
    maker.argument = here
    maker.notification = notification
    start(maker, driver)
    probes.open_bell(here)
    probes.ring_bell(here)
    expect(wait_for_stage(1), "three interrupts arrive")
    for turn in range(3):
        expect_equal(shared().results[turn], 8, "the bits of the interrupt")
    probes.close_bell(here)


def device_memory_is_not_ordinary() -> None:
    inside = calls.machine_device(MACHINE, world.payer, probes.MEMORY_BASE, PAGE, 0, free_slot())
    expect(isinstance(inside, Error) and inside == Error.BAD_ADDRESS, "memory is no device")
    odd = calls.machine_device(MACHINE, world.payer, probes.BELL_BASE + 4, PAGE, 0, free_slot())
    expect(isinstance(odd, Error) and odd == Error.BAD_ADDRESS, "a device is whole pages")
    line = calls.machine_interrupt(MACHINE, world.payer, probes.TIMER_LINE, 0, free_slot())
    expect(isinstance(line, Error), "the kernel's own timer is not for programs")
    far = calls.machine_interrupt(MACHINE, world.payer, 100_000, 0, free_slot())
    expect(isinstance(far, Error), "a line that does not exist is refused")


SCRATCH_BYTE: Final = 0x50
"""A byte of the memory behind the ports that nobody uses."""


def ports_are_reached_through_their_handle() -> None:
    ports = calls.machine_device(MACHINE, world.payer, probes.SCRATCH_PORTS, 2, 0, free_slot(), True)
    if probes.SCRATCH_PORTS == 0:
        expect(isinstance(ports, Error) and ports == Error.BAD_ADDRESS, "a family without ports hands out none")
        return
    if isinstance(ports, Error):
        expect(False, "ports are handed out")
        return
    for value in range(0x41, 0x44):
        need(calls.port_write(ports, 0, 1, SCRATCH_BYTE))
        need(calls.port_write(ports, 1, 1, value))
        need(calls.port_write(ports, 0, 1, SCRATCH_BYTE))
        expect_equal(must(calls.port_read(ports, 1, 1)), value, "what was written there")
    beyond = calls.port_read(ports, 1, 2)
    expect(isinstance(beyond, Error) and beyond == Error.BAD_ARGUMENT, "ports beyond the handle's are out of reach")
    mapped = calls.map_memory(OWN_SPACE, ports, 0, take_addresses(PAGE), PAGE, READ)
    expect(mapped == Error.BAD_ARGUMENT, "ports cannot be mapped")
