"""Calls one by one, on the pretend machine."""

from __future__ import annotations

import pytest

from abi import boot
from abi.kernel import NEVER, Call, Error, Kind
from tests.kernel.machine import Machine


@pytest.fixture()
def machine() -> Machine:
    return Machine()


def test_root_runs_and_reads_the_clock(machine: Machine) -> None:
    assert machine.current() == machine.root
    assert machine.good(Call.CLOCK)[:2] == (0, 1_000_000)


def test_an_unknown_operation_is_refused(machine: Machine) -> None:
    machine.program.call(0, 23, 0, 0, [0] * 8)
    assert machine.answer(machine.root).error == Error.NO_CALL


def test_an_empty_slot_names_nothing(machine: Machine) -> None:
    assert machine.call(Call.POLL, 77).error == Error.NO_HANDLE
    assert machine.call(Call.POLL, boot.OWN_TABLE).error == Error.WRONG_KIND


def test_a_notification_keeps_its_bits_until_they_are_taken(machine: Machine) -> None:
    handle = machine.create(Kind.NOTIFICATION, 100)
    machine.good(Call.SIGNAL, handle, 5)
    machine.good(Call.SIGNAL, handle, 2)
    assert machine.good(Call.POLL, handle)[0] == 7
    assert machine.good(Call.POLL, handle)[0] == 0


def test_a_deadline_that_is_past_polls(machine: Machine) -> None:
    endpoint = machine.create(Kind.ENDPOINT, 100)
    assert machine.call(Call.RECEIVE_UNTIL, endpoint, number=0).error == Error.TIMED_OUT


def test_a_wait_ends_at_its_deadline(machine: Machine) -> None:
    endpoint = machine.create(Kind.ENDPOINT, 100)
    machine.call(Call.RECEIVE_UNTIL, endpoint, number=50)
    assert machine.current() == 0
    machine.advance(49)
    assert machine.current() == 0
    machine.advance(1)
    assert machine.current() == machine.root
    assert machine.answer(machine.root).error == Error.TIMED_OUT
    assert NEVER > 50
