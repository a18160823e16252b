"""The bundle as root and the supervisor read it: records checked once, then found by their index."""

from __future__ import annotations

from typing import Final

from abi.bundle import (
    MAGIC,
    NAME_BYTES,
    NO_BUS,
    SEGMENTS,
    VERSION,
    ArgumentRecord,
    BundleHeader,
    DeviceRecord,
    InterruptRecord,
    Name,
    PermissionRecord,
    PlanHeader,
    ProcessRecord,
    ProgramRecord,
    ServiceRecord,
)  # fmt: skip
from metal import U64, Ptr, Slice, View, ptr_at, size_of, slice_at, struct, u8, u32, u64

UNSAFE: Final = True


@struct
class Bundle:
    """A bundle that is mapped at an address."""

    base: u64 = 0
    size: u64 = 0

    def header(self) -> Ptr[BundleHeader]:
        """The first record."""
        return ptr_at(BundleHeader, self.base)

    def plan(self) -> Ptr[PlanHeader]:
        """Where the plan's tables are."""
        return ptr_at(PlanHeader, self.base + self.header().plan_offset)

    def program(self, index: u32) -> Ptr[ProgramRecord]:
        """One executable."""
        header = self.header()
        assert index < header.program_count
        return ptr_at(ProgramRecord, self.base + header.program_offset + U64(index) * size_of(ProgramRecord))

    def process(self, index: u32) -> Ptr[ProcessRecord]:
        """What one process gets."""
        plan = self.plan()
        assert index < plan.process_count
        return ptr_at(ProcessRecord, self.base + plan.process_offset + U64(index) * size_of(ProcessRecord))

    def device(self, index: u32) -> Ptr[DeviceRecord]:
        """One device."""
        plan = self.plan()
        assert index < plan.device_count
        return ptr_at(DeviceRecord, self.base + plan.device_offset + U64(index) * size_of(DeviceRecord))

    def interrupt(self, index: u32) -> Ptr[InterruptRecord]:
        """One interrupt line."""
        plan = self.plan()
        assert index < plan.interrupt_count
        return ptr_at(InterruptRecord, self.base + plan.interrupt_offset + U64(index) * size_of(InterruptRecord))

    def owner(self, device: u32) -> u32:
        """The process that drives a device; the number of processes when none does."""
        count = self.plan().process_count
        for index in range(count):
            process = self.process(index)
            if device >= process.first_device and device - process.first_device < process.device_count:
                return index
        return count

    def service(self, index: u32) -> Ptr[ServiceRecord]:
        """One service."""
        plan = self.plan()
        assert index < plan.service_count
        return ptr_at(ServiceRecord, self.base + plan.service_offset + U64(index) * size_of(ServiceRecord))

    def permission(self, index: u32) -> Ptr[PermissionRecord]:
        """One permission to call a service."""
        plan = self.plan()
        assert index < plan.permission_count
        return ptr_at(PermissionRecord, self.base + plan.permission_offset + U64(index) * size_of(PermissionRecord))

    def argument(self, index: u32) -> Slice[u8]:
        """One argument's bytes."""
        record = self.argument_record(index)
        return self.bytes_at(record.offset, record.bytes_used)

    def argument_record(self, index: u32) -> Ptr[ArgumentRecord]:
        """Where an argument's bytes are."""
        plan = self.plan()
        assert index < plan.argument_count
        return ptr_at(ArgumentRecord, self.base + plan.argument_offset + U64(index) * size_of(ArgumentRecord))

    def bytes_at(self, offset: u64, size: u64) -> Slice[u8]:
        """A stretch of the bundle."""
        assert self.holds(offset, size)
        return slice_at(u8, self.base + offset, size)

    def holds(self, offset: u64, size: u64) -> bool:
        """Whether a stretch lies inside the bundle."""
        return size <= self.size and offset <= self.size - size

    def table_fits(self, offset: u64, count: u32, record: u64) -> bool:
        """Whether a table lies inside the bundle."""
        return self.holds(offset, U64(count) * record)

    def find(self, name: View[u8]) -> u32:
        """The process of this name, or the number of processes."""
        count = self.plan().process_count
        for index in range(count):
            if matches(self.process(index).name, name):
                return index
        return count

    def is_sound(self) -> bool:
        """Whether every table and every index lies where it should; to be asked before anything else."""
        if self.size < size_of(BundleHeader):
            return False
        header = self.header()
        if header.magic != MAGIC or header.version != VERSION or header.total_bytes > self.size:
            return False
        if header.program_bytes != size_of(ProgramRecord) or header.plan_bytes < size_of(PlanHeader):
            return False
        if not self.table_fits(header.program_offset, header.program_count, size_of(ProgramRecord)):
            return False
        return self.holds(header.plan_offset, header.plan_bytes) and self.plan_is_sound() and self.programs_are_sound()

    def plan_is_sound(self) -> bool:
        """Whether the plan's tables lie inside the bundle and name what exists."""
        plan = self.plan()
        if not self.table_fits(plan.process_offset, plan.process_count, size_of(ProcessRecord)):
            return False
        if not self.table_fits(plan.device_offset, plan.device_count, size_of(DeviceRecord)):
            return False
        if not self.table_fits(plan.service_offset, plan.service_count, size_of(ServiceRecord)):
            return False
        if not self.table_fits(plan.permission_offset, plan.permission_count, size_of(PermissionRecord)):
            return False
        if not self.table_fits(plan.argument_offset, plan.argument_count, size_of(ArgumentRecord)):
            return False
        if not self.table_fits(plan.interrupt_offset, plan.interrupt_count, size_of(InterruptRecord)):
            return False
        for index in range(plan.process_count):
            if not self.process_is_sound(plan, self.process(index)):
                return False
        for index in range(plan.device_count):
            if not self.device_is_sound(plan, self.device(index)):
                return False
        for index in range(plan.service_count):
            service = self.service(index)
            if service.process >= plan.process_count or service.name.bytes_used > NAME_BYTES:
                return False
        for index in range(plan.argument_count):
            argument = self.argument_record(index)
            if not self.holds(argument.offset, argument.bytes_used):
                return False
        for index in range(plan.permission_count):
            if self.permission(index).service >= plan.service_count:
                return False
        return True

    def process_is_sound(self, plan: Ptr[PlanHeader], process: Ptr[ProcessRecord]) -> bool:
        """Whether a process's slices of the tables are inside them."""
        return (
            process.name.bytes_used <= NAME_BYTES
            and process.program < self.header().program_count
            and inside(process.first_device, process.device_count, plan.device_count)
            and inside(process.first_service, process.service_count, plan.service_count)
            and inside(process.first_permission, process.permission_count, plan.permission_count)
            and inside(process.first_argument, process.argument_count, plan.argument_count)
        )

    def device_is_sound(self, plan: Ptr[PlanHeader], device: Ptr[DeviceRecord]) -> bool:
        """Whether a device's interrupts are in their table, and its bus is a device that is a bus."""
        if device.name.bytes_used > NAME_BYTES or device.kind.bytes_used > NAME_BYTES:
            return False
        if not inside(device.first_interrupt, device.interrupt_count, plan.interrupt_count):
            return False
        if device.as_bus.message_count > device.interrupt_count:
            return False
        if device.bus == NO_BUS:
            return True
        return device.bus < plan.device_count and self.device(device.bus).as_bus.window_bytes > 0

    def programs_are_sound(self) -> bool:
        """Whether every segment's bytes are in the bundle."""
        for index in range(self.header().program_count):
            program = self.program(index)
            if program.segment_count > SEGMENTS:
                return False
            for number in range(program.segment_count):
                segment = program.segments[number]
                if not self.holds(segment.offset, segment.file_bytes) or segment.memory_bytes < segment.file_bytes:
                    return False
        return True


def inside(first: u32, count: u32, total: u32) -> bool:
    """Whether a slice of a table ends within it."""
    return count <= total and first <= total - count


def matches(name: Ptr[Name], text: View[u8]) -> bool:
    """Whether a name is this text."""
    if U64(name.bytes_used) != len(text):
        return False
    for index in range(len(text)):
        if name.text[index] != text[index]:
            return False
    return True
