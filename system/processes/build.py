"""Makes one process as the plan says: its objects, its memory, its handles, and nothing else."""

from __future__ import annotations

from typing import Final

from abi.boot import ROOT_SLOTS
from abi.bundle import EXECUTE, INSPECT, NO_BUS, READ, SUPERVISE, WRITE, ProcessRecord, SegmentRecord
from abi.kernel import Binding, Error, Kind
from abi.rights import (
    CONTEXT_INSPECT,
    CONTEXT_SET,
    ENDPOINT_CALL,
    ENDPOINT_RECEIVE,
    ENDPOINT_SEND,
    INTERRUPT_ACKNOWLEDGE,
    INTERRUPT_BIND,
    MEMORY_CREATE,
    MEMORY_READ,
    MEMORY_WRITE,
    NOTIFICATION_SIGNAL,
    NOTIFICATION_WAIT,
    SPACE_BIND,
    SPACE_MAP,
    TABLE_BIND,
    TABLE_WRITE,
    THREAD_INSPECT,
)  # fmt: skip
from abi.start import (
    ARENA_ADDRESS,
    ARENA_MEMORY,
    BADGE_PURPOSE_SHIFT,
    BADGE_SERVICE_SHIFT,
    BADGE_TRUSTED,
    CONTEXT,
    DEVICES_ADDRESS,
    DMA_ADDRESS,
    ENDPOINT,
    FAULTS,
    FIRST_GRANT,
    LIFE,
    MEMORY,
    MESSAGES_ADDRESS,
    MESSAGES_MEMORY,
    NOTIFICATION,
    OWN_SLOTS,
    PINS,
    PURPOSE_FAULT,
    PURPOSE_LIFE,
    SPACE,
    STACK_SLOT_BYTES,
    STACKS_ADDRESS,
    STACKS_MEMORY,
    START_ADDRESS,
    TABLE,
    THREAD,
    DeviceGrant,
)  # fmt: skip
from metal import U32, U64, Ptr, Words, assign, slice_at, struct, u8, u32, u64
from system.processes.bundle import Bundle
from system.processes.handles import Handles, ProcessHandles, Role, process_slot
from system.processes.record import RecordWriter
from system.runtime.calls import (
    context_set,
    create,
    derive,
    machine_physical,
    map_memory,
    memory_read,
    thread_bind,
    thread_set,
    thread_start,
    unmap,
)  # fmt: skip
from system.runtime.time import to_ticks

UNSAFE: Final = True

REFILLS: Final = 8
DEFAULT_PERIOD_NS: Final = 10_000_000
START_PAGES: Final = 4


@struct
class Builder:
    """The making of one process; the first refusal ends it, and revoking the pool then undoes everything."""

    bundle: Ptr[Bundle]
    handles: Ptr[Handles]
    index: u32 = 0
    # The process that hears of faults and ends.
    supervisor: u32 = 0
    generation: u32 = 0
    page: u64 = 0
    # Where this program may map what it fills for others.
    own_space: u64 = 0
    window: u64 = 0
    # The first refusal, 0 while all is well.
    refusal: u64 = 0
    arena_bytes: u64 = 0
    next_slot: u64 = FIRST_GRANT

    def plan(self) -> Ptr[ProcessRecord]:
        """What the process gets."""
        return self.bundle.process(self.index)

    def own(self) -> Ptr[ProcessHandles]:
        """The handles of the process."""
        return self.handles.processes[self.index]

    def must(self, outcome: Error | None) -> None:
        """Notes a refusal."""
        if outcome is not None and self.refusal == 0:
            self.refusal = U64(outcome)

    def made(self, outcome: u64 | Error) -> u64:
        """What was made, or 0 and the refusal noted."""
        if isinstance(outcome, Error):
            if self.refusal == 0:
                self.refusal = U64(outcome)
            return 0
        return outcome

    def rounded(self, size: u64) -> u64:
        """Whole pages for so many bytes."""
        return (size + self.page - 1) // self.page * self.page

    def build(self, arguments: Ptr[RecordWriter]) -> u64:
        """Makes the process, not yet running; `arguments` has what its main gets. The result is the refusal."""
        self.refusal = 0
        self.next_slot = FIRST_GRANT
        self.make_objects()
        if self.refusal == 0:
            self.map_segments()
        if self.refusal == 0:
            self.map_stack_and_messages()
        if self.refusal == 0:
            self.give_handles(arguments)
        if self.refusal == 0:
            self.map_arena()
        if self.refusal == 0:
            self.map_record(arguments)
        if self.refusal == 0:
            self.bind()
        return self.refusal

    def make(self, role: Role, kind: Kind, size: u64) -> u64:
        """Makes one object of the process, paid by its pool, in its place in our table."""
        own = self.own()
        handle = self.made(create(own.at[Role.POOL], kind, size, 0, process_slot(self.index, U64(role))))
        own.at[role] = handle
        return handle

    def make_objects(self) -> None:
        """What a process is made of."""
        plan = self.plan()
        slots = FIRST_GRANT + U64(plan.permission_count) + 3 * U64(plan.device_count) + OWN_SLOTS
        if self.index == self.supervisor:
            slots = U64(ROOT_SLOTS)
        self.make(Role.TABLE, Kind.TABLE, slots)
        self.make(Role.SPACE, Kind.SPACE, 0)
        self.make(Role.THREAD, Kind.THREAD, 0)
        self.make(Role.CONTEXT, Kind.CONTEXT, REFILLS)
        self.make(Role.NOTIFICATION, Kind.NOTIFICATION, 0)

    def map_segments(self) -> None:
        """Code and constants where they lie in the bundle, variables as a copy of their own."""
        program = self.bundle.program(self.plan().program)
        role = U64(Role.DATA)
        for number in range(program.segment_count):
            segment = program.segments[number]
            if segment.memory_bytes == 0:
                continue
            if segment.access & WRITE == 0:
                size = self.rounded(segment.file_bytes)
                access = U64(segment.access & (READ | EXECUTE))
                self.must(map_memory(self.own().at[Role.SPACE], self.handles.bundle, segment.offset, segment.address,
                                     size, access))  # fmt: skip
            else:
                self.map_data(segment, role)
                role += 1

    def map_data(self, segment: Ptr[SegmentRecord], role: u64) -> None:
        """A writable segment: fresh memory, the file's bytes at its beginning."""
        own = self.own()
        if role >= len(own.at):
            self.must(Error.FULL)
            return
        size = self.rounded(segment.memory_bytes)
        data = self.made(create(own.at[Role.POOL], Kind.MEMORY, size, 0, process_slot(self.index, role)))
        own.at[role] = data
        self.must(map_memory(self.own_space, data, 0, self.window, size, READ | WRITE))
        if self.refusal != 0:
            return
        source = self.bundle.bytes_at(segment.offset, segment.file_bytes)
        slice_at(u8, self.window, segment.file_bytes).copy_from(source)
        self.must(unmap(self.own_space, self.window))
        self.must(map_memory(own.at[Role.SPACE], data, 0, segment.address, size, READ | WRITE))

    def map_stack_and_messages(self) -> None:
        """Room for the stacks and message pages of all threads; those of the first are mapped."""
        plan = self.plan()
        own = self.own()
        threads = self.thread_count()
        stack = self.rounded(plan.stack_bytes)
        stacks = self.make(Role.STACKS, Kind.MEMORY, stack * threads)
        messages = self.make(Role.MESSAGES, Kind.MEMORY, self.page * threads)
        if self.refusal != 0:
            return
        bottom = STACKS_ADDRESS + STACK_SLOT_BYTES - stack
        self.must(map_memory(own.at[Role.SPACE], stacks, 0, bottom, stack, READ | WRITE))
        self.must(map_memory(own.at[Role.SPACE], messages, 0, MESSAGES_ADDRESS, self.page, READ | WRITE))

    def thread_count(self) -> u64:
        """How many threads the process may have, at least one."""
        threads = U64(self.plan().threads)
        return threads if threads > 0 else 1

    def give(self, handle: u64, slot: u64, rights: u64, badge: u64) -> u64:
        """Puts a handle into the process's table."""
        return self.made(derive(handle, self.own().at[Role.TABLE], slot, rights, badge))

    def give_handles(self, record: Ptr[RecordWriter]) -> None:
        """The handles every process has, then those that the plan gives it."""
        own = self.own()
        self.give(own.at[Role.TABLE], TABLE, TABLE_WRITE | TABLE_BIND, 0)
        self.give(own.at[Role.SPACE], SPACE, SPACE_MAP | SPACE_BIND, 0)
        self.give(own.at[Role.THREAD], THREAD, THREAD_INSPECT, 0)
        self.give(own.at[Role.CONTEXT], CONTEXT, CONTEXT_SET | CONTEXT_INSPECT, 0)
        self.give(own.at[Role.POOL], MEMORY, MEMORY_CREATE, 0)
        self.give(own.at[Role.NOTIFICATION], NOTIFICATION, NOTIFICATION_SIGNAL | NOTIFICATION_WAIT, 0)
        self.give(own.at[Role.STACKS], STACKS_MEMORY, MEMORY_READ | MEMORY_WRITE, 0)
        self.give(own.at[Role.MESSAGES], MESSAGES_MEMORY, MEMORY_READ | MEMORY_WRITE, 0)
        overseer = self.handles.processes[self.supervisor].at[Role.ENDPOINT]
        if self.index != self.supervisor:
            self.give(overseer, LIFE, ENDPOINT_CALL, self.purpose(PURPOSE_LIFE))
            self.give(overseer, FAULTS, ENDPOINT_CALL, self.purpose(PURPOSE_FAULT))
        if own.at[Role.ENDPOINT] != 0:
            self.give(own.at[Role.ENDPOINT], ENDPOINT, ENDPOINT_RECEIVE, 0)
        self.give_services(record)
        self.give_devices(record)

    def purpose(self, purpose: u64) -> u64:
        """The badge of this process for something that is no service."""
        return purpose << BADGE_PURPOSE_SHIFT | U64(self.index)

    def give_services(self, record: Ptr[RecordWriter]) -> None:
        """One handle for each service that the process may call, badged with who it is."""
        plan = self.plan()
        trusted: u64 = 0
        if plan.powers & (INSPECT | SUPERVISE) != 0:
            trusted = BADGE_TRUSTED
        for number in range(plan.permission_count):
            service = self.bundle.permission(plan.first_permission + number).service
            provider = self.bundle.service(service)
            endpoint = self.handles.processes[provider.process].at[Role.ENDPOINT]
            badge = trusted | (U64(service) + 1) << BADGE_SERVICE_SHIFT | U64(self.index)
            handle = self.give(endpoint, self.next_slot, ENDPOINT_CALL | ENDPOINT_SEND, badge)
            record.add_service(provider.name, service, handle)
            self.next_slot += 1
        for number in range(plan.service_count):
            service = plan.first_service + number
            record.add_offer(self.bundle.service(service).name, service)

    def give_devices(self, record: Ptr[RecordWriter]) -> None:
        """The registers of each device of the process at an address, its ports, interrupt and window as handles.

        A bus is also told which devices of the plan are on it.
        """
        plan = self.plan()
        address: u64 = DEVICES_ADDRESS
        for number in range(plan.device_count):
            index = plan.first_device + number
            grant = DeviceGrant()
            self.describe(index, grant)
            address = self.give_device(index, address, grant)
            record.add_device(grant)
            if grant.window != 0:
                self.describe_bus(index, record)
        self.give_dma_memory(record)

    def describe(self, index: u32, grant: Ptr[DeviceGrant]) -> None:
        """What the plan says of a device."""
        device = self.bundle.device(index)
        assign(grant.name, device.name)
        assign(grant.kind, device.kind)
        assign(grant.bus_facts, device.as_bus if device.bus == NO_BUS else self.bundle.device(device.bus).as_bus)
        grant.device = index
        grant.bus = device.bus
        grant.owner = self.bundle.owner(index)
        grant.interrupt_count = device.interrupt_count
        grant.spacing = U64(device.spacing)
        for pin in range(U32(PINS)):
            if pin < device.interrupt_count:
                grant.pins[pin] = self.bundle.interrupt(device.first_interrupt + pin).line

    def give_device(self, index: u32, address: u64, grant: Ptr[DeviceGrant]) -> u64:
        """Maps a device's registers at an address and gives its handles; the address behind them."""
        device = self.handles.devices[index]
        after = address
        if self.bundle.device(index).ports != 0:
            grant.ports = self.give(device.registers, self.next_slot, MEMORY_READ | MEMORY_WRITE, 0)
            grant.bytes_used = device.bytes_used
            self.next_slot += 1
        elif device.bytes_used > 0:
            first = device.offset // self.page * self.page
            inside = device.offset - first
            size = self.rounded(inside + device.bytes_used)
            self.must(map_memory(self.own().at[Role.SPACE], device.registers, first, address, size, READ | WRITE))
            grant.address = address + inside
            grant.bytes_used = device.bytes_used
            after += size
        if device.interrupt != 0:
            grant.interrupt = self.give(device.interrupt, self.next_slot, INTERRUPT_BIND | INTERRUPT_ACKNOWLEDGE, 0)
            self.next_slot += 1
        if device.window != 0:
            grant.window = self.give(device.window, self.next_slot, MEMORY_READ | MEMORY_WRITE, 0)
            self.next_slot += 1
        return after

    def describe_bus(self, bus: u32, record: Ptr[RecordWriter]) -> None:
        """Tells a bus of the devices on it: their names and who drives them, and nothing to touch them with."""
        for index in range(self.bundle.plan().device_count):
            if self.bundle.device(index).bus == bus:
                grant = DeviceGrant()
                self.describe(index, grant)
                record.add_device(grant)

    def give_dma_memory(self, record: Ptr[RecordWriter]) -> None:
        """Maps the memory that the devices of the process reach, and says how they know it."""
        memory = self.own().at[Role.DMA]
        if memory == 0:
            return
        size = self.rounded(self.plan().dma_bytes)
        self.must(map_memory(self.own().at[Role.SPACE], memory, 0, DMA_ADDRESS, size, READ | WRITE))
        record.set_dma(size, self.made(machine_physical(self.handles.machine, memory)))

    def has_devices(self, index: u32) -> bool:
        """Whether every device of a process was found."""
        plan = self.bundle.process(index)
        for number in range(plan.device_count):
            if self.handles.devices[plan.first_device + number].missing:
                return False
        return True

    def map_arena(self) -> None:
        """Half of what is left of the grant becomes the arena; the other half pays for what the process makes."""
        own = self.own()
        words = Words()
        self.must(memory_read(own.at[Role.POOL], words))
        if self.refusal != 0:
            return
        left = words.w[0] - words.w[1]
        size = self.page
        while size * 4 <= left:
            size = size * 2
        while size >= self.page:
            # Free memory lies in pieces, so the largest that can be had is found by trying.
            tried = create(own.at[Role.POOL], Kind.MEMORY, size, 0, process_slot(self.index, U64(Role.ARENA)))
            if not isinstance(tried, Error):
                own.at[Role.ARENA] = tried
                self.arena_bytes = size
                self.must(map_memory(own.at[Role.SPACE], tried, 0, ARENA_ADDRESS, size, READ | WRITE))
                self.give(tried, ARENA_MEMORY, MEMORY_READ | MEMORY_WRITE, 0)
                return
            size = size // 2
        self.arena_bytes = 0

    def map_record(self, record: Ptr[RecordWriter]) -> None:
        """Finishes the record that tells the process all this, and maps it for reading."""
        own = self.own()
        size = self.page * START_PAGES
        memory = self.make(Role.START, Kind.MEMORY, size)
        self.must(map_memory(self.own_space, memory, 0, self.window, size, READ | WRITE))
        if self.refusal != 0:
            return
        fits = record.write(self.plan(), slice_at(u8, self.window, size), self.index, self.generation, self.page,
                            self.arena_bytes, self.next_slot, self.bundle.plan().console)  # fmt: skip
        self.must(unmap(self.own_space, self.window))
        if not fits:
            self.must(Error.NO_MEMORY)
        self.must(map_memory(own.at[Role.SPACE], memory, 0, START_ADDRESS, size, READ))

    def bind(self) -> None:
        """Puts the thread together and gives it its time."""
        plan = self.plan()
        own = self.own()
        thread = own.at[Role.THREAD]
        self.must(thread_bind(thread, Binding.SPACE, own.at[Role.SPACE], 0))
        self.must(thread_bind(thread, Binding.TABLE, own.at[Role.TABLE], 0))
        self.must(thread_bind(thread, Binding.NOTIFICATION, own.at[Role.NOTIFICATION], 0))
        self.must(thread_bind(thread, Binding.MESSAGE_PAGE, own.at[Role.MESSAGES], 0))
        if self.index != self.supervisor:
            overseer = self.handles.processes[self.supervisor].at[Role.ENDPOINT]
            self.must(thread_bind(thread, Binding.HANDLER, overseer, self.purpose(PURPOSE_FAULT)))
        period = plan.period_ns if plan.period_ns != 0 else U64(DEFAULT_PERIOD_NS)
        budget = plan.budget_ns if plan.budget_ns != 0 else period
        context = own.at[Role.CONTEXT]
        self.must(context_set(context, self.handles.machine, to_ticks(budget), to_ticks(period), U64(plan.processor)))
        self.must(thread_bind(thread, Binding.CONTEXT, context, 0))
        ceiling = plan.ceiling if plan.ceiling > plan.priority else plan.priority
        self.must(thread_set(thread, U64(plan.priority), U64(ceiling)))

    def start(self) -> u64:
        """Lets the process run; the result is the refusal."""
        program = self.bundle.program(self.plan().program)
        top: u64 = STACKS_ADDRESS + STACK_SLOT_BYTES
        self.must(thread_start(self.own().at[Role.THREAD], program.entry, top, START_ADDRESS))
        return self.refusal
