"""The supervisor as a service: how processes do, and starting and stopping them."""

from __future__ import annotations

from typing import Final

from abi.boot import ROOT_INFORMATION, BootInformation
from abi.bundle import CONTROL, INSPECT, NO_BUS, POWER_OFF, SUPERVISE
from abi.console import EXIT_FINISHED
from abi.interface import CallError
from abi.kernel import ThreadState
from abi.services.supervisor import ProcessState
from abi.start import MACHINE
from metal import U32, U64, Slice, View, Words, ptr_at, struct, u8, u32, u64
from system.processes.handles import REGIONS_SLOT, Role
from system.runtime.calls import context_read, machine_read, memory_read, thread_read
from system.runtime.server import answer_later, caller, server
from system.runtime.time import to_nanoseconds
from system.supervisor.devices import DevicePlace, place_device
from system.supervisor.watch import builder, bundle, handles, keep_arguments, watch

UNSAFE: Final = True

STATE_WORD: Final = 0
USED_WORD: Final = 3
IDLE_WORD: Final = 2
SWITCHES_WORD: Final = 3
INTERRUPTS_WORD: Final = 4
PROCESSORS_WORD: Final = 5


@struct
class SupervisorService:
    """What abi.services.supervisor.Supervisor promises."""

    unused: u64 = 0

    def count(self) -> u32:
        return bundle.plan().process_count

    def name(self, process: u32, into: Slice[u8]) -> u64 | CallError:
        if not known(process):
            return CallError.REFUSED
        name = bundle.process(process).name
        size: u64 = U64(name.bytes_used)
        if size > len(into):
            size = len(into)
        into[0:size].copy_from(name.text[0:size])
        return size

    def find(self, name: str) -> u32:
        return bundle.find(name.encode())

    def state(self, process: u32) -> ProcessState | CallError:
        if not known(process):
            return CallError.REFUSED
        state = watch.processes[process].state
        if state == ProcessState.RUNNING:
            return running_state(process)
        return state

    def priority(self, process: u32) -> u32 | CallError:
        if not known(process):
            return CallError.REFUSED
        return bundle.process(process).priority

    def restarts(self, process: u32) -> u32 | CallError:
        if not known(process):
            return CallError.REFUSED
        return watch.processes[process].history.total

    def status(self, process: u32) -> u32 | CallError:
        if not known(process):
            return CallError.REFUSED
        return watch.processes[process].status

    def time_used(self, process: u32) -> u64 | CallError:
        if not known(process):
            return CallError.REFUSED
        words = Words()
        if context_read(handles.processes[process].at[Role.CONTEXT], words) is not None:
            return 0
        return to_nanoseconds(words.w[USED_WORD])

    def memory_granted(self, process: u32) -> u64 | CallError:
        if not known(process):
            return CallError.REFUSED
        if handles.processes[process].at[Role.POOL] == 0:
            return 0
        return bundle.process(process).memory_bytes

    def memory_used(self, process: u32) -> u64 | CallError:
        if not known(process):
            return CallError.REFUSED
        words = Words()
        if memory_read(handles.processes[process].at[Role.POOL], words) is not None:
            return 0
        return words.w[1]

    def memory_total(self) -> u64:
        total: u64 = 0
        information = ptr_at(BootInformation, ROOT_INFORMATION)
        for region in range(information.region_count):
            total += information.regions[region].bytes
        return total

    def memory_free(self) -> u64:
        free: u64 = 0
        information = ptr_at(BootInformation, ROOT_INFORMATION)
        for region in range(U64(information.region_count)):
            words = Words()
            if memory_read(REGIONS_SLOT + region, words) is None:
                free += words.w[0] - words.w[1]
        return free

    def idle_time(self, processor: u32) -> u64 | CallError:
        words = Words()
        if machine_read(MACHINE, U64(processor), words) is not None:
            return CallError.REFUSED
        return to_nanoseconds(words.w[IDLE_WORD])

    def switches(self, processor: u32) -> u64 | CallError:
        words = Words()
        if machine_read(MACHINE, U64(processor), words) is not None:
            return CallError.REFUSED
        return words.w[SWITCHES_WORD]

    def interrupts(self, processor: u32) -> u64 | CallError:
        words = Words()
        if machine_read(MACHINE, U64(processor), words) is not None:
            return CallError.REFUSED
        return words.w[INTERRUPTS_WORD]

    def processors(self) -> u32:
        words = Words()
        if machine_read(MACHINE, 0, words) is not None:
            return 1
        return U32(words.w[PROCESSORS_WORD])

    def start(self, process: u32, arguments: View[u8]) -> bool | CallError:
        if not allowed(process):
            return CallError.REFUSED
        watched = watch.processes[process]
        if watch.runs(process) or not builder.has_devices(process) or not keep_arguments(watched, arguments):
            return False
        return watch.start(process)

    def stop(self, process: u32) -> bool | CallError:
        if not allowed(process) or bundle.process(process).powers & SUPERVISE != 0:
            return CallError.REFUSED
        if not watch.runs(process):
            return False
        watch.stopped(process)
        server.pause = True
        return True

    def wait(self, process: u32) -> u32 | CallError:
        if not allowed(process):
            return CallError.REFUSED
        watched = watch.processes[process]
        if not watch.runs(process):
            return watched.status
        if watched.waiter != 0:
            return CallError.REFUSED
        kept = answer_later()
        if isinstance(kept, CallError):
            return kept
        watched.waiter = kept
        watched.waiting_process = U32(caller())
        return 0

    def halt(self, status: u32) -> CallError | None:
        if not may(POWER_OFF):
            return CallError.REFUSED
        watch.halt(status, EXIT_FINISHED)
        server.pause = True
        return None

    def found(self, device: u32, offset: u64, size: u64, interrupt: u32) -> bool | CallError:
        if device >= bundle.plan().device_count:
            return CallError.REFUSED
        bus = bundle.device(device).bus
        if bus == NO_BUS or U64(bundle.owner(bus)) != caller():
            return CallError.REFUSED
        if not place_device(device, DevicePlace(offset, size, interrupt)):
            return False
        watch.device_found(device)
        return True

    def interrupt(self) -> None:
        if not may(CONTROL):
            return
        for process in range(bundle.plan().process_count):
            if watch.processes[process].waiter != 0:
                watch.interrupted(process)
        server.pause = True

    def drained(self) -> None:
        if watch.halting:
            watch.power_off()


def may(powers: u32) -> bool:
    """Whether the caller's plan gives it one of these powers."""
    process = caller()
    if process >= U64(bundle.plan().process_count):
        return False
    return bundle.process(U32(process)).powers & powers != 0


def known(process: u32) -> bool:
    """Whether the caller may look at processes and this one exists."""
    return process < bundle.plan().process_count and may(INSPECT | CONTROL)


def allowed(process: u32) -> bool:
    """Whether the caller may start and stop processes and this one can be started at all: root cannot."""
    exists = process < bundle.plan().process_count
    return exists and may(CONTROL) and handles.processes[process].at[Role.POOL] != 0


def running_state(process: u32) -> ProcessState:
    """What the first thread of a living process does."""
    words = Words()
    if thread_read(handles.processes[process].at[Role.THREAD], words) is not None:
        return ProcessState.RUNNING
    state = words.w[STATE_WORD]
    if state == U64(ThreadState.READY):
        return ProcessState.RUNNING
    return ProcessState.WAITING
