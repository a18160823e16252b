"""Writes a bundle: the programs' segments and the plan, as abi/bundle.py lays them out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

from abi import bundle
from motet.elf import Executable, read_executable
from motet.errors import MotetError, PlanError
from motet.plan.board import Messages, Window
from motet.plan.image import POWERS, Image, Program
from motet.records import pack, size_of

T = TypeVar("T")


class Writer:
    """Bytes that grow at the end and can be filled in later."""

    def __init__(self) -> None:
        self.data = bytearray()

    def align(self, boundary: int) -> int:
        """Pads to a boundary and says where that is."""
        self.data += bytes(-len(self.data) % boundary)
        return len(self.data)

    def add(self, content: bytes, boundary: int = 8) -> int:
        """Adds bytes at a boundary and says where."""
        offset = self.align(boundary)
        self.data += content
        return offset

    def table(self, records: Sequence[object]) -> int:
        """Adds records one after the other and says where the first is."""
        return self.add(b"".join(pack(record) for record in records))

    def put(self, offset: int, content: bytes) -> None:
        """Fills in what was left out."""
        self.data[offset : offset + len(content)] = content


def write_bundle(image: Image, executables: dict[str, Path], page_bytes: int) -> bytes:
    """The bundle of a whole image, a multiple of the page size."""
    programs = [(program.name, executables[program.name]) for program in image.programs]
    return lay_bundle(programs, page_bytes, image)


def lay_bundle(programs: list[tuple[str, Path]], page_bytes: int, image: Image | None = None) -> bytes:
    """Programs by name and ELF file, the first of them root; without an image the plan is empty."""
    writer = Writer()
    executables = [check_executable(name, read_executable(path), page_bytes) for name, path in programs]
    writer.add(bytes(size_of(bundle.BundleHeader)))
    program_size = size_of(bundle.ProgramRecord)
    program_offset = writer.add(bytes(program_size * len(programs)))
    plan_offset = writer.add(bytes(size_of(bundle.PlanHeader)))
    plan = write_plan(writer, image) if image is not None else bundle.PlanHeader()
    plan_bytes = writer.align(8) - plan_offset
    writer.put(plan_offset, pack(plan))
    for index, ((name, _), executable) in enumerate(zip(programs, executables, strict=True)):
        record = write_program(writer, name, executable, page_bytes)
        writer.put(program_offset + index * program_size, pack(record))
    header = bundle.BundleHeader(
        magic=bundle.MAGIC,
        version=bundle.VERSION,
        page_bytes=page_bytes,
        total_bytes=writer.align(page_bytes),
        program_count=len(programs),
        program_bytes=program_size,
        program_offset=program_offset,
        plan_offset=plan_offset,
        plan_bytes=plan_bytes,
    )
    writer.put(0, pack(header))
    return bytes(writer.data)


def check_executable(name: str, executable: Executable, page_bytes: int) -> Executable:
    """A program must fit the record and never have memory that is both writable and executable."""
    if len(executable.segments) > bundle.SEGMENTS:
        raise MotetError(f'program "{name}" has {len(executable.segments)} segments; at most {bundle.SEGMENTS} fit')
    for segment in executable.segments:
        if segment.access & bundle.WRITE and segment.access & bundle.EXECUTE:
            raise MotetError(f'program "{name}" has memory that is writable and executable at {segment.address:#x}')
        if segment.address % page_bytes:
            raise MotetError(f'program "{name}" has a segment at {segment.address:#x}, which starts no page')
    return executable


def write_program(writer: Writer, name: str, executable: Executable, page_bytes: int) -> bundle.ProgramRecord:
    """Adds a program's bytes and describes them."""
    segments = [
        bundle.SegmentRecord(
            offset=writer.add(segment.data, page_bytes),
            address=segment.address,
            file_bytes=len(segment.data),
            memory_bytes=segment.memory_bytes,
            access=segment.access,
        )
        for segment in executable.segments
    ]
    return bundle.ProgramRecord(
        name=name_record(name), segment_count=len(segments), entry=executable.entry, segments=inline(segments)
    )


def write_plan(writer: Writer, image: Image) -> bundle.PlanHeader:
    """Adds the plan's tables; each process names its slice of every table."""
    processes: list[bundle.ProcessRecord] = []
    devices: list[bundle.DeviceRecord] = []
    interrupts: list[bundle.InterruptRecord] = []
    services: list[bundle.ServiceRecord] = []
    permissions: list[bundle.PermissionRecord] = []
    arguments: list[bundle.ArgumentRecord] = []
    for index, program in enumerate(image.programs):
        services += [bundle.ServiceRecord(name=name_record(service), process=index) for service in program.offers]
    offered = [service for program in image.programs for service in program.offers]
    first_service = 0
    for index, program in enumerate(image.programs):
        record = process_record(program, index)
        record.first_device, record.device_count = len(devices), len(program.devices)
        record.first_service, record.service_count = first_service, len(program.offers)
        allowed = [service for service in (*program.calls, *program.posts) if service in offered]
        record.first_permission, record.permission_count = len(permissions), len(allowed)
        record.first_argument, record.argument_count = len(arguments), len(program.arguments)
        first_service += len(program.offers)
        devices += [device_record(image, device, interrupts) for device in program.devices]
        permissions += [bundle.PermissionRecord(service=offered.index(service)) for service in allowed]
        for argument in program.arguments:
            text = argument.encode()
            arguments.append(bundle.ArgumentRecord(offset=writer.add(text, 1), bytes_used=len(text)))
        processes.append(record)
    return bundle.PlanHeader(
        process_count=len(processes),
        device_count=len(devices),
        service_count=len(services),
        permission_count=len(permissions),
        argument_count=len(arguments),
        interrupt_count=len(interrupts),
        on_failure=image.on_failure,
        console=image.console,
        process_offset=writer.table(processes),
        device_offset=writer.table(devices),
        service_offset=writer.table(services),
        permission_offset=writer.table(permissions),
        argument_offset=writer.table(arguments),
        interrupt_offset=writer.table(interrupts),
    )


def process_record(program: Program, index: int) -> bundle.ProcessRecord:
    """What one program gets, as numbers."""
    flags = (bundle.START if program.start else 0) | (bundle.HALT_ON_EXIT if program.halt_on_exit else 0)
    powers = 0
    for power in program.powers:
        powers |= POWERS[power]
    return bundle.ProcessRecord(
        name=name_record(program.name),
        program=index,
        flags=flags,
        powers=powers,
        restart=program.restart,
        restart_limit=program.restart_limit,
        restart_window_ns=program.restart_window,
        processor=program.processor,
        priority=program.priority,
        ceiling=program.ceiling,
        threads=program.threads,
        memory_bytes=program.memory,
        stack_bytes=program.stack,
        dma_bytes=program.dma,
        budget_ns=program.budget,
        period_ns=program.period,
    )


def device_record(image: Image, name: str, interrupts: list[bundle.InterruptRecord]) -> bundle.DeviceRecord:
    """One device of the board, with its interrupts added to the table; a bus gets a message for each device on it."""
    device = image.devices[name]
    order = [other for program in image.programs for other in program.devices]
    first = len(interrupts)
    interrupts += [bundle.InterruptRecord(line=line) for line in device.interrupts]
    as_bus = bundle.BusRecord()
    if device.window is not None:
        messages = [] if device.messages is None else device.messages.lines(image.on_bus(name))
        interrupts += [bundle.InterruptRecord(line=line, edge=1) for line in messages]
        as_bus = bus_record(device.window, device.messages, len(messages), device.function_bytes)
    return bundle.DeviceRecord(
        name=name_record(device.name),
        kind=name_record(device.kind),
        base=device.base,
        bytes_used=device.size,
        first_interrupt=first,
        interrupt_count=len(interrupts) - first,
        bus=order.index(device.bus) if device.bus in order else bundle.NO_BUS,
        ports=int(device.ports),
        spacing=device.spacing,
        as_bus=as_bus,
    )


def bus_record(window: Window, messages: Messages | None, count: int, function_bytes: int) -> bundle.BusRecord:
    """What a bus has for the devices on it."""
    return bundle.BusRecord(
        window_base=window.base,
        window_bytes=window.size,
        window_address=window.address,
        message_address=0 if messages is None else messages.address,
        message_data=0 if messages is None else messages.data,
        message_count=count,
        function_bytes=function_bytes,
    )


def name_record(text: str) -> bundle.Name:
    """A short name as an inline record."""
    encoded = text.encode()
    if len(encoded) > bundle.NAME_BYTES:
        raise PlanError(f'the name "{text}" is too long', cure=f"use at most {bundle.NAME_BYTES} bytes", code="P013")
    return bundle.Name(bytes_used=len(encoded), text=inline(list(encoded)))


def inline(elements: list[T]) -> Any:
    """Elements of an inline array; the record's layout, not this list, says how many there are."""
    return elements
