"""The processes as the supervisor keeps them: what they do, how they end, how they are started again."""

from __future__ import annotations

from typing import Final

from abi.boot import EPITAPH_MAGIC, ROOT_INFORMATION, BootInformation
from abi.bundle import EXECUTE, HALT_ON_EXIT, NO_BUS, ROOT_PROGRAM, START, SUPERVISE
from abi.console import (
    EXIT,
    EXIT_FAULT,
    EXIT_FINISHED,
    FAULT,
    LOG,
    ExitReport,
    FaultReport,
)  # fmt: skip
from abi.kernel import Error
from abi.services.supervisor import FAILED_STATUS, ProcessState
from abi.start import BUNDLE_ADDRESS, CONTEXT, MACHINE, MEMORY, SERVICE_RESTARTED, SPACE, THREAD, WINDOWS_ADDRESS
from metal import (
    U8,
    U32,
    U64,
    Array,
    Ptr,
    Slice,
    View,
    addr_of,
    array,
    ptr_at,
    size_of,
    slice_at,
    struct,
    u8,
    u32,
    u64,
)  # fmt: skip
from metal.library.text import Text
from system.processes.build import Builder
from system.processes.bundle import Bundle
from system.processes.handles import (
    BUNDLE_SLOT,
    PROCESSES,
    ROLES,
    DeviceRole,
    Handles,
    Role,
    device_slot,
    interrupt_slot,
    process_slot,
)  # fmt: skip
from system.processes.record import RecordWriter
from system.runtime.calls import machine_stop, revoke, rights_of, signal
from system.runtime.messages import Message
from system.runtime.server import answer_now
from system.runtime.signals import forget_handle
from system.runtime.time import milliseconds, now
from system.supervisor.backtrace import Code, collect
from system.supervisor.policy import Decision, Ending, RestartHistory
from system.supervisor.reports import Reports

UNSAFE: Final = True

ARGUMENT_BYTES: Final = 256
TEXT_BYTES: Final = 128
# How long the last words of the device may take to reach the line before the power goes.
FAREWELL_MS: Final = 2000
# The status of a device whose app faulted.
FAULT_STATUS: Final = 126
# The status of a process that a person interrupted, as other shells have it.
INTERRUPTED_STATUS: Final = 130


@struct
class Watched:
    """One process."""

    state: ProcessState = ProcessState.STOPPED
    status: u32 = 0
    generation: u32 = 0
    # It is to be started as soon as its devices are found.
    awaits_device: bool = False
    history: RestartHistory = RestartHistory()
    # A handle to the call of who waits for the end of the process, 0 for nobody.
    waiter: u64 = 0
    waiting_process: u32 = 0
    # The arguments of the last start, each ended by a zero byte, when they were not the plan's.
    own_arguments: bool = False
    argument_bytes: u64 = 0
    arguments: Array[u8] = array(ARGUMENT_BYTES)


bundle: Bundle = Bundle()
handles: Handles = Handles()
record: RecordWriter = RecordWriter()
builder: Builder = Builder(bundle, handles)
reports: Reports = Reports()


@struct
class Watch:
    """All processes, and the device's end."""

    halting: bool = False
    halt_status: u32 = 0
    halt_deadline: u64 = 0
    processes: Array[Watched] = array(PROCESSES)

    def begin(self) -> None:
        """Takes over what root has handed over."""
        information = ptr_at(BootInformation, ROOT_INFORMATION)
        bundle.base = BUNDLE_ADDRESS
        bundle.size = information.bundle_bytes
        handles.machine = MACHINE
        handles.bundle = BUNDLE_SLOT
        builder.page = information.page_bytes
        builder.own_space = SPACE
        builder.window = WINDOWS_ADDRESS
        plan = bundle.plan()
        for index in range(plan.process_count):
            for role in range(ROLES):
                handles.processes[index].at[role] = present(process_slot(index, U64(role)))
            process = bundle.process(index)
            if process.powers & SUPERVISE != 0:
                builder.supervisor = index
                # Its own parts it has where every program has them, to be looked at only.
                handles.processes[index].at[Role.POOL] = MEMORY
                handles.processes[index].at[Role.THREAD] = THREAD
                handles.processes[index].at[Role.CONTEXT] = CONTEXT
            elif process.program == ROOT_PROGRAM:
                self.processes[index].state = ProcessState.ENDED
        for index in range(plan.device_count):
            handles.devices[index].registers = present(device_slot(index, U64(DeviceRole.REGISTERS)))
            handles.devices[index].window = present(device_slot(index, U64(DeviceRole.WINDOW)))
        for index in range(plan.interrupt_count):
            handles.interrupts[index] = present(interrupt_slot(index))
        self.read_epitaph(information)

    def read_epitaph(self, information: Ptr[BootInformation]) -> None:
        """Says why the device was restarted, if the kernel's last words tell."""
        epitaph = information.epitaph
        if epitaph.magic != EPITAPH_MAGIC:
            return
        room: Array[u8] = array(TEXT_BYTES)
        text = Text(room)
        failed = text.append(
            f"the kernel had failed: kind {epitaph.kind}, line {epitaph.line} of its file {epitaph.file}"
        )
        if failed is None:
            reports.add(LOG, U8(builder.supervisor), text.bytes())

    def start_all(self) -> None:
        """Starts what the image starts at boot, in the image's order."""
        for index in range(bundle.plan().process_count):
            process = bundle.process(index)
            if index == builder.supervisor:
                self.processes[index].state = ProcessState.RUNNING
            elif process.flags & START != 0 and process.program != ROOT_PROGRAM:
                if builder.has_devices(index):
                    self.start(index)
                else:
                    self.processes[index].state = ProcessState.WAITING
                    self.processes[index].awaits_device = True

    def runs(self, index: u32) -> bool:
        """Whether a process lives."""
        return self.processes[index].state == ProcessState.RUNNING

    def faulted(self, index: u32, message: Ptr[Message]) -> None:
        """A thread of a process met something it cannot go on from."""
        report = FaultReport()
        self.describe(index, message, report)
        again = self.ended(index, Ending.FAULT, FAILED_STATUS)
        reports.add(FAULT, U8(index), slice_at(u8, addr_of(report), size_of(FaultReport)))
        if not again and bundle.process(index).flags & HALT_ON_EXIT != 0:
            self.halt(FAULT_STATUS, EXIT_FAULT)

    def describe(self, index: u32, message: Ptr[Message], report: Ptr[FaultReport]) -> None:
        """Collects what the console should say of a fault, while the thread still stands where it was."""
        process = bundle.process(index)
        own = handles.processes[index]
        report.program = process.program
        report.process = index
        # A program may call its handler itself, with words of its own making: none may be more than wrong.
        report.kind = U32(message.words.w[0] & 0xFFFF_FFFF)
        report.address = message.words.w[1]
        report.counter = message.words.w[2]
        report.stack = message.words.w[3]
        report.restarts = self.processes[index].history.total
        page = builder.page
        stack = (process.stack_bytes + page - 1) // page * page
        threads = U64(process.threads) if process.threads > 0 else U64(1)
        code = Code()
        self.find_code(process.program, code)
        count = collect(message.words, own.at[Role.STACKS], stack, threads, code, report.backtrace)
        report.addresses = U32(count)

    def find_code(self, program: u32, code: Ptr[Code]) -> None:
        """Where the instructions of a program are, in its processes and in the bundle."""
        executable = bundle.program(program)
        for number in range(executable.segment_count):
            segment = executable.segments[number]
            if segment.access & EXECUTE != 0:
                code.start = segment.address
                code.size = segment.file_bytes
                code.place = bundle.base + segment.offset

    def ended(self, index: u32, ending: Ending, status: u32) -> bool:
        """Takes a process down, and starts it again if its plan wants it; whether it runs again."""
        watched = self.processes[index]
        process = bundle.process(index)
        self.clear(index)
        self.lose_devices(index)
        watched.status = status
        match ending:
            case Ending.FINISHED:
                watched.state = ProcessState.ENDED
            case Ending.FAULT:
                watched.state = ProcessState.FAILED
            case Ending.STOPPED:
                watched.state = ProcessState.STOPPED
        window = process.restart_window_ns
        decision = watched.history.decide(ending, process.restart, process.restart_limit, window, now())
        if decision == Decision.RESTART and self.start(index):
            tell_callers(index)
            return True
        self.tell_waiter(watched)
        return False

    def clear(self, index: u32) -> None:
        """Ends everything a process is made of: what its pool paid for goes, and its callers are told."""
        own = handles.processes[index]
        for other in range(bundle.plan().process_count):
            waited = self.processes[other]
            if waited.waiter != 0 and waited.waiting_process == index:
                forget_handle(waited.waiter)
                waited.waiter = 0
        refused = revoke(own.at[Role.POOL])
        for role in range(ROLES):
            if not outlives(role) and refused is None:
                own.at[role] = 0

    def lose_devices(self, index: u32) -> None:
        """The driver of a bus is gone: the drivers of its devices end with it, and wait until those are found anew."""
        for device in range(bundle.plan().device_count):
            bus = bundle.device(device).bus
            if bus == NO_BUS or bundle.owner(bus) != index:
                continue
            handles.devices[device].missing = True
            owner = bundle.owner(device)
            if self.runs(owner):
                self.clear(owner)
                self.processes[owner].state = ProcessState.WAITING
                self.processes[owner].awaits_device = True

    def device_found(self, device: u32) -> None:
        """Starts the driver of a device, if it waits for no other."""
        owner = bundle.owner(device)
        again = self.processes[owner].generation > 0
        if self.processes[owner].awaits_device and builder.has_devices(owner) and self.start(owner) and again:
            tell_callers(owner)

    def start(self, index: u32) -> bool:
        """Starts a process that does not run; whether it runs now."""
        watched = self.processes[index]
        watched.awaits_device = False
        process = bundle.process(index)
        record.clear()
        if watched.own_arguments:
            add_arguments(watched.arguments[0 : watched.argument_bytes])
        else:
            for number in range(process.argument_count):
                record.add_argument(bundle.argument(process.first_argument + number))
        builder.index = index
        builder.generation = watched.generation
        watched.generation += 1
        refusal = builder.build(record)
        if refusal == 0:
            refusal = builder.start()
        if refusal != 0:
            say(index, refusal)
            self.clear(index)
            watched.state = ProcessState.FAILED
            return False
        watched.state = ProcessState.RUNNING
        return True

    def interrupted(self, index: u32) -> None:
        """A person does not want to wait for a process any longer."""
        if self.ended(index, Ending.STOPPED, INTERRUPTED_STATUS):
            self.tell_waiter(self.processes[index])

    def stopped(self, index: u32) -> None:
        """A person stopped a process."""
        again = self.ended(index, Ending.STOPPED, 0)
        if not again and bundle.process(index).flags & HALT_ON_EXIT != 0:
            self.halt(0, EXIT_FINISHED)

    def finished(self, index: u32, status: u32) -> None:
        """The main function of a process returned."""
        again = self.ended(index, Ending.FINISHED, status)
        if not again and bundle.process(index).flags & HALT_ON_EXIT != 0:
            self.halt(status, EXIT_FINISHED)

    def tell_waiter(self, watched: Ptr[Watched]) -> None:
        """Answers who waits for the end of a process."""
        if watched.waiter != 0:
            message = Message()
            message.answer()
            message.put(U64(watched.status))
            told = answer_now(watched.waiter, message)
            watched.waiter = 0
            if not told:
                return

    def halt(self, status: u32, reason: u32) -> None:
        """Says how the device ends; the power goes when the console has passed that on."""
        if self.halting:
            return
        report = ExitReport(status, reason)
        reports.add(EXIT, U8(builder.supervisor), slice_at(u8, addr_of(report), size_of(ExitReport)))
        self.halting = True
        self.halt_status = status
        self.halt_deadline = now() + milliseconds(FAREWELL_MS)

    def power_off(self) -> None:
        """The end of the device."""
        refused = machine_stop(MACHINE, U64(self.halt_status))
        self.halting = refused is None


watch: Watch = Watch()


def present(slot: u64) -> u64:
    """The handle of a slot's first content, or 0 for an empty slot."""
    return slot if rights_of(slot) != 0 else 0


def outlives(role: u64) -> bool:
    """Whether a handle is for something that stays when the process is taken down."""
    return role == U64(Role.POOL) or role == U64(Role.ENDPOINT) or role == U64(Role.DMA)


def say(index: u32, refusal: u64) -> None:
    """Reports that a process could not be made, for example because its grant is too small."""
    room: Array[u8] = array(TEXT_BYTES)
    text = Text(room)
    if text.append(f"process {index} cannot be started: {Error(int(refusal))}") is None:
        reports.add(LOG, U8(builder.supervisor), text.bytes())


def add_arguments(data: Slice[u8]) -> None:
    """Takes texts apart that each end with a zero byte."""
    start: u64 = 0
    for place in range(len(data)):
        if data[place] == 0:
            record.add_argument(data[start:place])
            start = place + 1


def tell_callers(index: u32) -> None:
    """Signals every process that may call a service of this one, which has begun anew and remembers nobody."""
    plan = bundle.plan()
    for other in range(plan.process_count):
        process = bundle.process(other)
        for number in range(process.permission_count):
            service = bundle.permission(process.first_permission + number).service
            notification = handles.processes[other].at[Role.NOTIFICATION]
            if bundle.service(service).process == index and notification != 0:
                refused = signal(notification, SERVICE_RESTARTED)
                if refused is not None:
                    handles.processes[other].at[Role.NOTIFICATION] = 0


def keep_arguments(watched: Ptr[Watched], data: View[u8]) -> bool:
    """Remembers the arguments of a start, for restarts too; whether they fit."""
    if len(data) > ARGUMENT_BYTES:
        return False
    watched.own_arguments = len(data) > 0
    watched.argument_bytes = len(data)
    watched.arguments[0 : len(data)].copy_from(data)
    return True
