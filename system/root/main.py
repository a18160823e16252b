"""Makes the grants of the plan out of everything there is, starts the supervisor over them, and guards only that."""

from __future__ import annotations

from typing import Final

from abi.boot import (
    BUNDLE,
    DEVICE_TREE,
    INFORMATION,
    MACHINE,
    MEMORY,
    OWN_SPACE,
    ROOT_INFORMATION,
    BootInformation,
)  # fmt: skip
from abi.bundle import READ, ROOT_PROGRAM, SUPERVISE
from abi.kernel import Binding, Error, Kind
from abi.rights import (
    ALL,
    MACHINE_INSPECT,
    MACHINE_LOCATE,
    MACHINE_POWER,
    MACHINE_PRINT,
    MACHINE_TIME,
    MEMORY_EXECUTE,
    MEMORY_READ,
    MEMORY_WRITE,
)  # fmt: skip
from abi.start import BUNDLE_ADDRESS, WINDOWS_ADDRESS
from abi.start import MACHINE as MACHINE_SLOT
from metal import U64, Ptr, panic, ptr_at, struct, u32, u64
from system.processes.build import Builder
from system.processes.bundle import Bundle
from system.processes.handles import (
    BUNDLE_SLOT,
    DEVICES,
    INTERRUPTS,
    PROCESSES,
    REGIONS_SLOT,
    ROLES,
    DeviceRole,
    Handles,
    Role,
    device_slot,
    interrupt_slot,
    process_slot,
)  # fmt: skip
from system.processes.record import RecordWriter
from system.root.guard import guard
from system.runtime.calls import (
    create,
    delete,
    derive,
    machine_device,
    machine_interrupt,
    map_memory,
    thread_bind,
)  # fmt: skip
from system.runtime.program import program

UNSAFE: Final = True

# Empty slots of root's table, after those that the kernel fills.
GUARD_SLOT: Final = 32
GUARD_MACHINE_SLOT: Final = 33


@struct
class Registers:
    """A stretch of registers: physical addresses, or ports."""

    base: u64 = 0
    bytes_used: u64 = 0
    ports: bool = False


bundle: Bundle = Bundle()
handles: Handles = Handles()
record: RecordWriter = RecordWriter()
builder: Builder = Builder(bundle, handles)


def main() -> None:
    """From the kernel's handover to the last handle given away."""
    information = ptr_at(BootInformation, program.argument)
    read_bundle(information)
    plan = bundle.plan()
    builder.page = information.page_bytes
    builder.supervisor = find_supervisor()
    builder.own_space = OWN_SPACE
    builder.window = WINDOWS_ADDRESS
    for index in range(plan.process_count):
        make_endpoint(information, index)
        make_dma_memory(information, index)
    table = make_supervisor(information)
    for index in range(plan.process_count):
        if index != builder.supervisor and bundle.process(index).program != ROOT_PROGRAM:
            make_pool(information, index, table)
    for index in range(plan.device_count):
        device = bundle.device(index)
        own = Registers(device.base, device.bytes_used, device.ports != 0)
        show_device(information, own, table, device_slot(index, U64(DeviceRole.REGISTERS)))
        window = Registers(device.as_bus.window_base, device.as_bus.window_bytes, False)
        show_device(information, window, table, device_slot(index, U64(DeviceRole.WINDOW)))
    for index in range(plan.interrupt_count):
        make_interrupt(information, index, table)
    bind_guard(information)
    hand_over(information, table)
    give_up(information)
    guard(GUARD_SLOT)


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
    if plan.process_count > PROCESSES or plan.device_count > DEVICES or plan.interrupt_count > INTERRUPTS:
        panic(
            f"the plan has {plan.process_count} processes, {plan.device_count} devices and {plan.interrupt_count}"
            f" interrupts; at most {PROCESSES}, {DEVICES} and {INTERRUPTS} fit"
        )


def find_supervisor() -> u32:
    """The process that watches the others."""
    for index in range(bundle.plan().process_count):
        if bundle.process(index).powers & SUPERVISE != 0:
            return index
    panic("the plan names no supervisor")


def make_endpoint(information: Ptr[BootInformation], index: u32) -> None:
    """Where the services of a process are asked. It is not paid by the process, so it outlives it."""
    process = bundle.process(index)
    if process.service_count > 0 or process.powers & SUPERVISE != 0:
        slot = process_slot(index, U64(Role.ENDPOINT))
        handles.processes[index].at[Role.ENDPOINT] = allot(information, Kind.ENDPOINT, 0, 0, slot)


def make_dma_memory(information: Ptr[BootInformation], index: u32) -> None:
    """What the devices of a process reach. The process does not pay: a device may still write when that is gone."""
    size = bundle.process(index).dma_bytes
    if size == 0:
        return
    slot = process_slot(index, U64(Role.DMA))
    page = information.page_bytes
    memory = allot(information, Kind.MEMORY, (size + page - 1) // page * page, 0, slot)
    if memory == 0:
        panic(f"the devices of process {index} were granted {size} bytes, which this machine does not have")
    handles.processes[index].at[Role.DMA] = memory


def make_pool(information: Ptr[BootInformation], index: u32, table: u64) -> u64:
    """The memory granted to a process, in a table (0: root's own)."""
    size = bundle.process(index).memory_bytes
    pool = allot(information, Kind.MEMORY, size, table, process_slot(index, U64(Role.POOL)))
    if pool == 0:
        panic(f"process {index} was granted {size} bytes, which this machine does not have")
    return pool


def allot(information: Ptr[BootInformation], kind: Kind, size: u64, table: u64, slot: u64) -> u64:
    """Makes an object in the first piece of memory that has room; 0 when none has."""
    for region in range(U64(information.region_count)):
        made = create(MEMORY + region, kind, size, table, slot)
        if not isinstance(made, Error):
            return made
    return 0


def make_supervisor(information: Ptr[BootInformation]) -> u64:
    """Makes the process that starts and watches all others; the result is its table."""
    supervisor = builder.supervisor
    own = handles.processes[supervisor]
    own.at[Role.POOL] = make_pool(information, supervisor, 0)
    process = bundle.process(supervisor)
    record.clear()
    for number in range(process.argument_count):
        record.add_argument(bundle.argument(process.first_argument + number))
    builder.index = supervisor
    if builder.build(record) != 0:
        panic(f"the supervisor cannot be made: {Error(int(builder.refusal))}")
    return own.at[Role.TABLE]


def show_device(information: Ptr[BootInformation], part: Ptr[Registers], table: u64, slot: u64) -> None:
    """Makes the memory of registers, if there are any; the first piece of memory that has room pays for the object."""
    if part.bytes_used == 0:
        return
    grain: u64 = 1 if part.ports else information.page_bytes
    start = part.base // grain * grain
    size = (part.base + part.bytes_used + grain - 1) // grain * grain - start
    payer: u64 = MEMORY
    memory = machine_device(MACHINE, payer, start, size, table, slot, part.ports)
    last = MEMORY + U64(information.region_count) - 1
    while isinstance(memory, Error) and memory == Error.NO_MEMORY and payer < last:
        payer += 1
        memory = machine_device(MACHINE, payer, start, size, table, slot, part.ports)
    if isinstance(memory, Error):
        panic(f"registers at {part.base:x} cannot be used: {memory}")


def make_interrupt(information: Ptr[BootInformation], index: u32, table: u64) -> None:
    """Makes one of the plan's interrupts; the first piece of memory that has room pays for it."""
    planned = bundle.interrupt(index)
    line = U64(planned.line)
    edge = planned.edge != 0
    payer: u64 = MEMORY
    interrupt = machine_interrupt(MACHINE, payer, line, table, interrupt_slot(index), edge)
    last = MEMORY + U64(information.region_count) - 1
    while isinstance(interrupt, Error) and interrupt == Error.NO_MEMORY and payer < last:
        payer += 1
        interrupt = machine_interrupt(MACHINE, payer, line, table, interrupt_slot(index), edge)
    if isinstance(interrupt, Error):
        panic(f"interrupt line {line} cannot be used: {interrupt}")


def bind_guard(information: Ptr[BootInformation]) -> None:
    """Lets root hear of the supervisor's faults, which nobody else could."""
    endpoint = allot(information, Kind.ENDPOINT, 0, 0, GUARD_SLOT)
    thread = handles.processes[builder.supervisor].at[Role.THREAD]
    builder.must(thread_bind(thread, Binding.HANDLER, endpoint, 1))


def hand_over(information: Ptr[BootInformation], table: u64) -> None:
    """Gives the supervisor what it needs to make the processes of the plan, and lets it run."""
    space = handles.processes[builder.supervisor].at[Role.SPACE]
    page = information.page_bytes
    size = (information.bundle_bytes + page - 1) // page * page
    builder.must(map_memory(space, BUNDLE, 0, BUNDLE_ADDRESS, size, READ))
    builder.must(map_memory(space, INFORMATION, 0, ROOT_INFORMATION, page, READ))
    for index in range(bundle.plan().process_count):
        own = handles.processes[index]
        give(own.at[Role.ENDPOINT], table, process_slot(index, U64(Role.ENDPOINT)), ALL)
        give(own.at[Role.DMA], table, process_slot(index, U64(Role.DMA)), MEMORY_READ | MEMORY_WRITE)
    for region in range(U64(information.region_count)):
        # No right at all: how much is free may be asked, and that is all.
        give(MEMORY + region, table, REGIONS_SLOT + region, 0)
    give(BUNDLE, table, BUNDLE_SLOT, MEMORY_READ | MEMORY_EXECUTE)
    give(MACHINE, table, MACHINE_SLOT, MACHINE_POWER | MACHINE_TIME | MACHINE_INSPECT | MACHINE_LOCATE)
    if builder.start() != 0:
        panic(f"the supervisor cannot be started: {Error(int(builder.refusal))}")


def give(handle: u64, table: u64, slot: u64, granted: u64) -> None:
    """Gives a handle with these rights, if there is one."""
    if handle != 0:
        builder.made(derive(handle, table, slot, granted, 0))


def give_up(information: Ptr[BootInformation]) -> None:
    """Lets go of every handle but those of root's own thread and what `guard` needs."""
    made = derive(MACHINE, 0, GUARD_MACHINE_SLOT, MACHINE_POWER | MACHINE_PRINT, 0)
    program.machine = builder.made(made)
    for index in range(bundle.plan().process_count):
        for role in range(ROLES):
            handle = handles.processes[index].at[role]
            if handle != 0:
                builder.must(delete(handle))
    for region in range(U64(information.region_count)):
        builder.must(delete(MEMORY + region))
    if information.device_tree_bytes > 0:
        builder.must(delete(DEVICE_TREE))
    builder.must(delete(BUNDLE))
    builder.must(delete(INFORMATION))
    builder.must(delete(MACHINE))
    if builder.refusal != 0:
        panic(f"root cannot give up its powers: {Error(int(builder.refusal))}")
