"""Writes what a process finds when it starts (abi/start.py): collected while its handles are given, then laid out."""

from __future__ import annotations

from typing import Final

from abi.bundle import Name, ProcessRecord
from abi.start import MAGIC, VERSION, ArgumentGrant, DeviceGrant, ServiceGrant, StartRecord
from metal import U32, U64, Array, Ptr, Slice, View, addr_of, array, assign, ptr_at, size_of, struct, u8, u32, u64

UNSAFE: Final = True

SERVICES: Final = 32
DEVICES: Final = 16
ARGUMENTS: Final = 64
ARGUMENT_BYTES: Final = 4096


@struct
class RecordWriter:
    """What one process will be told. What does not fit makes `write` answer False, so that nothing is left out."""

    overflow: bool = False
    service_count: u32 = 0
    offered_count: u32 = 0
    device_count: u32 = 0
    argument_count: u32 = 0
    text_bytes: u64 = 0
    dma_bytes: u64 = 0
    dma_physical: u64 = 0
    services: Array[ServiceGrant] = array(SERVICES)
    offered: Array[ServiceGrant] = array(SERVICES)
    devices: Array[DeviceGrant] = array(DEVICES)
    arguments: Array[ArgumentGrant] = array(ARGUMENTS)
    text: Array[u8] = array(ARGUMENT_BYTES)

    def clear(self) -> None:
        """Begins anew for another process."""
        self.overflow = False
        self.service_count = 0
        self.offered_count = 0
        self.device_count = 0
        self.argument_count = 0
        self.text_bytes = 0
        self.dma_bytes = 0
        self.dma_physical = 0

    def add_service(self, name: Ptr[Name], service: u32, handle: u64) -> None:
        """A service that it may call."""
        if self.service_count == SERVICES:
            self.overflow = True
            return
        grant = self.services[self.service_count]
        assign(grant.name, name)
        grant.service = service
        grant.handle = handle
        self.service_count += 1

    def add_offer(self, name: Ptr[Name], service: u32) -> None:
        """A service that it offers."""
        if self.offered_count == SERVICES:
            self.overflow = True
            return
        grant = self.offered[self.offered_count]
        assign(grant.name, name)
        grant.service = service
        grant.handle = 0
        self.offered_count += 1

    def add_device(self, grant: Ptr[DeviceGrant]) -> None:
        """A device that it drives, or that is on a bus it drives."""
        if self.device_count == DEVICES:
            self.overflow = True
            return
        assign(self.devices[self.device_count], grant)
        self.device_count += 1

    def set_dma(self, size: u64, physical: u64) -> None:
        """The memory that its devices reach."""
        self.dma_bytes = size
        self.dma_physical = physical

    def add_argument(self, argument: View[u8]) -> None:
        """One argument of its main."""
        size = len(argument)
        if self.argument_count == ARGUMENTS or self.text_bytes + size > ARGUMENT_BYTES:
            self.overflow = True
            return
        grant = self.arguments[self.argument_count]
        grant.offset = self.text_bytes
        grant.bytes_used = size
        self.text[self.text_bytes : self.text_bytes + size].copy_from(argument)
        self.text_bytes += size
        self.argument_count += 1

    def write(self, plan: Ptr[ProcessRecord], into: Slice[u8], process: u32, generation: u32, page: u64,
              arena: u64, first_slot: u64, console: u32) -> bool:  # fmt: skip
        """Lays the record and its tables out; whether all of it fits."""
        services = U64(size_of(StartRecord))
        offered = services + U64(self.service_count) * size_of(ServiceGrant)
        devices = offered + U64(self.offered_count) * size_of(ServiceGrant)
        arguments = devices + U64(self.device_count) * size_of(DeviceGrant)
        text = arguments + U64(self.argument_count) * size_of(ArgumentGrant)
        if self.overflow or text + self.text_bytes > len(into):
            return False
        base = addr_of(into)
        record = ptr_at(StartRecord, base)
        record.magic = MAGIC
        record.version = VERSION
        record.process = process
        record.generation = generation
        record.powers = plan.powers
        record.page_bytes = page
        record.threads = plan.threads if plan.threads > 0 else 1
        record.priority = plan.priority
        record.stack_bytes = (plan.stack_bytes + page - 1) // page * page
        record.arena_bytes = arena
        record.dma_bytes = self.dma_bytes
        record.dma_physical = self.dma_physical
        record.first_own_slot = U32(first_slot)
        record.service_count = self.service_count
        record.offered_count = self.offered_count
        record.device_count = self.device_count
        record.argument_count = self.argument_count
        record.console = console
        record.services = services
        record.offered = offered
        record.devices = devices
        record.arguments = arguments
        record.total_bytes = text + self.text_bytes
        for index in range(self.service_count):
            assign(ptr_at(ServiceGrant, base + services + U64(index) * size_of(ServiceGrant)), self.services[index])
        for index in range(self.offered_count):
            assign(ptr_at(ServiceGrant, base + offered + U64(index) * size_of(ServiceGrant)), self.offered[index])
        for index in range(self.device_count):
            assign(ptr_at(DeviceGrant, base + devices + U64(index) * size_of(DeviceGrant)), self.devices[index])
        for index in range(self.argument_count):
            grant = ptr_at(ArgumentGrant, base + arguments + U64(index) * size_of(ArgumentGrant))
            grant.offset = text + self.arguments[index].offset
            grant.bytes_used = self.arguments[index].bytes_used
        into[text : text + self.text_bytes].copy_from(self.text[0 : self.text_bytes])
        return True
