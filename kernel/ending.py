"""How a thread is taken out of everything it takes part in."""

from __future__ import annotations

from abi.kernel import Fault
from kernel import lending
from kernel.arch.chosen import forget_vectors
from kernel.current import cpu_at
from kernel.limits import CPUS
from kernel.objects.reply import drop, forget_record, new_number
from kernel.structures import Cpu, Thread
from kernel.waiting import halt
from metal import U32, Ptr


def retire(cpu: Ptr[Cpu], thread: Ptr[Thread]) -> None:
    """Stop a thread: who waits for its reply is told, what it lent is no longer its, and its number is new."""
    halt(cpu, thread)
    lending.splice(thread)
    forget_record(thread)
    thread.number = new_number()
    thread.fault = Fault.NONE
    lending.give_back(thread)
    if thread.caller_number != 0:
        drop(thread)


def forget_registers(thread: Ptr[Thread]) -> None:
    """No CPU keeps wide registers of a thread that ends or begins anew, nor saves them into it."""
    for index in range(U32(CPUS)):
        forget_vectors(cpu_at(index).record, thread.frame)
