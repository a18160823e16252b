"""Sleeps for a second and says what the device did meanwhile."""

from abi.services.supervisor import Supervisor
from metal import u8
from system.app import CallError, connect, milliseconds, now, seconds, sleep


def main() -> u8:
    """Prints the thread switches and interrupts of one quiet second, and whether the clock moved on by one."""
    supervisor = connect(Supervisor, "supervisor")
    if isinstance(supervisor, CallError):
        return 1
    sleep(milliseconds(200))
    start = now()
    switches = supervisor.switches(0)
    interrupts = supervisor.interrupts(0)
    sleep(seconds(1))
    switches_after = supervisor.switches(0)
    interrupts_after = supervisor.interrupts(0)
    elapsed = now() - start
    if isinstance(switches, CallError) or isinstance(interrupts, CallError):
        return 2
    if isinstance(switches_after, CallError) or isinstance(interrupts_after, CallError):
        return 2
    print(f"switches {switches_after - switches}")
    print(f"interrupts {interrupts_after - interrupts}")
    print(f"slept enough {elapsed >= seconds(1)}")
    return 0
