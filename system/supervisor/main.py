"""Waits for faults, ends and requests, one after the other, and never for anything else."""

from __future__ import annotations

from typing import Final

from abi.kernel import NEVER
from abi.services.supervisor import Supervisor
from abi.start import (
    BADGE_PROCESS_MASK,
    BADGE_PURPOSE_MASK,
    BADGE_PURPOSE_SHIFT,
    LIFE_EXIT,
    PURPOSE_FAULT,
    PURPOSE_LIFE,
)
from metal import U32, Ptr, u64
from system.app import offer
from system.runtime.messages import Message
from system.runtime.server import serve_until, server
from system.runtime.time import deadline_after, milliseconds, now
from system.supervisor.devices import forget_devices
from system.supervisor.service import SupervisorService
from system.supervisor.watch import bundle, reports, watch

RETRY_MS: Final = 5

service: SupervisorService = SupervisorService()


def main() -> None:
    """Takes over from root and watches."""
    watch.begin()
    forget_devices()
    watch.start_all()
    server.other = life_and_faults
    offer(Supervisor, service, "supervisor")
    while True:
        serve_until(next_deadline())
        reports.send()
        if watch.halting and now() >= watch.halt_deadline:
            watch.power_off()


def next_deadline() -> u64:
    """Until when to wait for requests: while something is left to be said, not for long."""
    if reports.count > 0 or watch.halting:
        return deadline_after(milliseconds(RETRY_MS))
    return NEVER


def life_and_faults(message: Ptr[Message]) -> None:
    """What comes from the kernel for a faulting thread, or from a program that ends."""
    process = U32(server.badge & BADGE_PROCESS_MASK)
    purpose = server.badge >> BADGE_PURPOSE_SHIFT & BADGE_PURPOSE_MASK
    known = process < bundle.plan().process_count and watch.runs(process)
    if purpose == PURPOSE_FAULT and known:
        watch.faulted(process, message)
    elif purpose == PURPOSE_LIFE and known and message.words.w[0] == LIFE_EXIT:
        watch.finished(process, U32(message.words.w[1] & 0xFF))
    else:
        message.refuse()
    # The answer to who is no more is dropped by the kernel; what there is to tell is told after this request.
    server.pause = True
