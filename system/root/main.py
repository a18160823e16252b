"""Starts what the image lists, gives each process what its plan says, and keeps nothing."""

from __future__ import annotations

from typing import Final

from abi.boot import BUNDLE, INFORMATION, MACHINE, MEMORY, OWN_SPACE, OWN_THREAD, ROOT_INFORMATION, BootInformation
from abi.bundle import NO_INTERRUPT, READ, ROOT_PROGRAM, START, SUPERVISE
from abi.kernel import Error, Kind
from abi.start import BUNDLE_ADDRESS, WINDOWS_ADDRESS
from abi.start import MACHINE as MACHINE_SLOT
from metal import U64, Ptr, log, panic, ptr_at, u32, u64
from system.processes.build import Builder
from system.processes.bundle import Bundle
from system.processes.handles import (
    BUNDLE_SLOT,
    PROCESSES,
    REGIONS_SLOT,
    ROLES,
    Handles,
    Role,
    device_slot,
    process_slot,
)  # fmt: skip
from system.processes.record import RecordWriter
from system.runtime.calls import (
    create,
    delete,
    machine_device,
    machine_interrupt,
    map_memory,
    move,
    thread_stop,
)  # fmt: skip
from system.runtime.program import program

UNSAFE: Final = True

bundle: Bundle = Bundle()
handles: Handles = Handles()
record: RecordWriter = RecordWriter()
builder: Builder = Builder(bundle, handles)


def main() -> None:
    """From the kernel's handover to the last handle given away."""
    information = ptr_at(BootInformation, program.argument)
    read_bundle(information)
    supervisor = find_supervisor()
    for index in range(bundle.plan().process_count):
        if bundle.process(index).program != ROOT_PROGRAM:
            make_pool(information, index)
    for index in range(bundle.plan().device_count):
        make_device(information, index)
    builder.page = information.page_bytes
    builder.supervisor = supervisor
    builder.own_space = OWN_SPACE
    builder.window = WINDOWS_ADDRESS
    for index in range(bundle.plan().process_count):
        process = bundle.process(index)
        if index == supervisor or (process.flags & START != 0 and process.program != ROOT_PROGRAM):
            make_process(index)
    hand_over(information)
    give_up()


def read_bundle(information: Ptr[BootInformation]) -> None:
    """Maps the bundle and checks it."""
    handles.machine = MACHINE
    handles.bundle = BUNDLE
    page = information.page_bytes
    size = (information.bundle_bytes + page - 1) // page * page
    refused = map_memory(OWN_SPACE, BUNDLE, 0, BUNDLE_ADDRESS, size, READ)
    if refused is not None:
        panic(f"the bundle cannot be mapped: {refused}")
    bundle.base = BUNDLE_ADDRESS
    bundle.size = information.bundle_bytes
    if not bundle.is_sound():
        panic("the bundle is damaged, or made for another version of root")
    plan = bundle.plan()
    if plan.process_count > PROCESSES or plan.device_count > PROCESSES:
        panic(f"the plan has {plan.process_count} processes and {plan.device_count} devices; at most {PROCESSES} fit")


def find_supervisor() -> u32:
    """The process that watches the others."""
    for index in range(bundle.plan().process_count):
        if bundle.process(index).powers & SUPERVISE != 0:
            return index
    panic("the plan names no supervisor")


def make_pool(information: Ptr[BootInformation], index: u32) -> None:
    """The memory granted to a process, and the endpoint of its services, which outlives it."""
    process = bundle.process(index)
    own = handles.processes[index]
    own.at[Role.POOL] = allot(information, Kind.MEMORY, process.memory_bytes, process_slot(index, U64(Role.POOL)))
    if own.at[Role.POOL] == 0:
        panic(f"process {index} was granted {process.memory_bytes} bytes, which this machine does not have")
    if process.service_count > 0 or process.powers & SUPERVISE != 0:
        own.at[Role.ENDPOINT] = allot(information, Kind.ENDPOINT, 0, process_slot(index, U64(Role.ENDPOINT)))


def allot(information: Ptr[BootInformation], kind: Kind, size: u64, slot: u64) -> u64:
    """Makes an object in the first piece of memory that has room; 0 when none has."""
    for region in range(U64(information.region_count)):
        made = create(MEMORY + region, kind, size, 0, slot)
        if not isinstance(made, Error):
            return made
    return 0


def make_device(information: Ptr[BootInformation], index: u32) -> None:
    """The registers and the interrupt of a device."""
    device = bundle.device(index)
    made = handles.devices[index]
    page = information.page_bytes
    size = (device.bytes_used + page - 1) // page * page
    memory = machine_device(MACHINE, MEMORY, device.base, size, device_slot(index, 0))
    if isinstance(memory, Error):
        panic(f"device {index} at {device.base:x} cannot be used: {memory}")
    made.memory = memory
    if device.interrupt != NO_INTERRUPT:
        interrupt = machine_interrupt(MACHINE, MEMORY, U64(device.interrupt), device_slot(index, 1))
        if isinstance(interrupt, Error):
            panic(f"interrupt {device.interrupt} of device {index} cannot be used: {interrupt}")
        made.interrupt = interrupt


def make_process(index: u32) -> None:
    """Makes one process; all but the supervisor begin to run."""
    process = bundle.process(index)
    record.clear()
    for number in range(process.argument_count):
        record.add_argument(bundle.argument(process.first_argument + number))
    builder.index = index
    refusal = builder.build(record)
    if refusal == 0 and index != builder.supervisor:
        refusal = builder.start()
    if refusal != 0:
        panic(f"process {index} cannot be started: {Error(refusal)}")


def hand_over(information: Ptr[BootInformation]) -> None:
    """Moves every handle to the same place in the supervisor's table, then lets it run."""
    supervisor = builder.supervisor
    own = handles.processes[supervisor]
    table = own.at[Role.TABLE]
    page = information.page_bytes
    size = (information.bundle_bytes + page - 1) // page * page
    builder.must(map_memory(own.at[Role.SPACE], BUNDLE, 0, BUNDLE_ADDRESS, size, READ))
    builder.must(map_memory(own.at[Role.SPACE], INFORMATION, 0, ROOT_INFORMATION, page, READ))
    for index in range(bundle.plan().process_count):
        if index != supervisor:
            for role in range(ROLES):
                give(handles.processes[index].at[role], table, process_slot(index, U64(role)))
    give(own.at[Role.ENDPOINT], table, process_slot(supervisor, U64(Role.ENDPOINT)))
    for index in range(bundle.plan().device_count):
        give(handles.devices[index].memory, table, device_slot(index, 0))
        give(handles.devices[index].interrupt, table, device_slot(index, 1))
    for region in range(U64(information.region_count)):
        give(MEMORY + region, table, REGIONS_SLOT + region)
    give(BUNDLE, table, BUNDLE_SLOT)
    give(MACHINE, table, MACHINE_SLOT)
    builder.index = supervisor
    if builder.start() != 0:
        log(f"the supervisor cannot be started: {Error(builder.refusal)}")


def give(handle: u64, table: u64, slot: u64) -> None:
    """Moves one handle, if there is one."""
    if handle != 0:
        builder.made(move(handle, table, slot))


def give_up() -> None:
    """Lets go of what is left: the supervisor's own parts and root's thread."""
    for role in range(ROLES):
        handle = handles.processes[builder.supervisor].at[role]
        if handle != 0 and role != U64(Role.ENDPOINT):
            builder.must(delete(handle))
    builder.must(thread_stop(OWN_THREAD))
