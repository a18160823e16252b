"""The commands of the shell, by name."""

from __future__ import annotations

from typing import Final

from abi.services.log import Log
from abi.services.supervisor import FAILED_STATUS, ProcessState, Supervisor
from apps.shell.history import LINE_BYTES, same
from apps.shell.words import Words, parse_number
from metal import U8, U32, Array, Ptr, View, array, as_text, u8, u32, u64
from system.app import CallError, connect, now

OK: Final = 0
FAILED: Final = 1
MISUSED: Final = 2
UNKNOWN: Final = 127
FAULTED: Final = 126
NAME_BYTES: Final = 32
LOG_CHUNK: Final = 512
KILOBYTE: Final = 1024
MILLISECOND: Final = 1_000_000

words: Words = Words()


def carry_out(line: View[u8]) -> u8:
    """Carries out one line; the result is its status, 0 when all went well."""
    words.split(line)
    if words.wrong:
        print("a quote is not closed, or there are too many words")
        return MISUSED
    if words.count == 0:
        return OK
    if is_word(0, "help"):
        return show_help()
    if is_word(0, "uptime"):
        return show_uptime()
    if is_word(0, "log"):
        return show_log()
    supervisor = connect(Supervisor, "supervisor")
    if isinstance(supervisor, CallError):
        print("the plan does not let this program ask the supervisor")
        return FAILED
    if is_word(0, "ps"):
        return show_processes(supervisor)
    if is_word(0, "mem"):
        return show_memory(supervisor)
    if is_word(0, "run"):
        return run(supervisor)
    if is_word(0, "kill"):
        return kill(supervisor)
    if is_word(0, "halt"):
        return halt(supervisor)
    print(f"there is no command {as_text(words.word(0))}: help shows all")
    return UNKNOWN


def is_word(index: u64, text: str) -> bool:
    """Whether a word of the line is this text."""
    return index < words.count and same(words.word(index), text.encode())


def show_help() -> u8:
    """Every command with one sentence."""
    print("help             shows this")
    print("ps               shows the processes: state, priority, processor time, memory, restarts")
    print("mem              shows how much memory the device has and who was granted it")
    print("run NAME [WORDS] starts a program of the image and waits for its end; & as last word does not wait")
    print("kill NAME        stops a process; one that is always to run is started again")
    print("log              shows what programs logged")
    print("uptime           shows how long the device runs")
    print("halt [STATUS]    powers the device off")
    return OK


def show_uptime() -> u8:
    """Time since the device started."""
    time = now() // MILLISECOND
    print(f"{time // 1000}.{time % 1000:03} seconds")
    return OK


def show_log() -> u8:
    """Everything that the log still has."""
    log = connect(Log, "log")
    if isinstance(log, CallError):
        print("the plan does not let this program read the log")
        return FAILED
    place = log.first()
    if isinstance(place, CallError):
        return say_failed("log", place)
    part: Array[u8] = array(LOG_CHUNK)
    at: u64 = place
    while True:
        count = log.read(at, part)
        if isinstance(count, CallError):
            return say_failed("log", count)
        if count == 0:
            return OK
        end = whole_lines(part, count)
        print(as_text(part[0 : end - 1]))
        at += end


def whole_lines(part: View[u8], count: u64) -> u64:
    """Where the last whole line ends; all of it when it holds no line's end."""
    end = count
    while end > 0 and part[end - 1] != 0x0A:
        end -= 1
    return end if end > 0 else count


def say_failed(what: str, error: CallError) -> u8:
    """Says that a service did not do what was asked."""
    print(f"{what}: {error}")
    return FAILED


def show_processes(supervisor: Ptr[Supervisor]) -> u8:
    """One line a process."""
    count = supervisor.count()
    if isinstance(count, CallError):
        return say_failed("ps", count)
    print("  id  name              state     priority     time ms    memory K  restarts")
    for index in range(count):
        failed = show_process(supervisor, index)
        if failed is not None:
            return say_failed("ps", failed)
    return OK


def show_process(supervisor: Ptr[Supervisor], index: u32) -> CallError | None:
    """One line of `ps`."""
    name: Array[u8] = array(NAME_BYTES)
    size = supervisor.name(index, name)
    state = supervisor.state(index)
    priority = supervisor.priority(index)
    time = supervisor.time_used(index)
    memory = supervisor.memory_used(index)
    restarts = supervisor.restarts(index)
    if isinstance(size, CallError):
        return size
    if isinstance(state, CallError):
        return state
    if isinstance(priority, CallError):
        return priority
    if isinstance(time, CallError):
        return time
    if isinstance(memory, CallError):
        return memory
    if isinstance(restarts, CallError):
        return restarts
    print(
        f"{index:4}  {as_text(name[0:size]):16}  {state_name(state):8}  {priority:8}  {time // MILLISECOND:10}  "
        f"{memory // KILOBYTE:10}  {restarts:8}"
    )
    return None


def state_name(state: ProcessState) -> str:
    """How `ps` shows a state."""
    match state:
        case ProcessState.RUNNING:
            return "running"
        case ProcessState.WAITING:
            return "waiting"
        case ProcessState.ENDED:
            return "ended"
        case ProcessState.FAILED:
            return "failed"
        case ProcessState.STOPPED:
            return "stopped"


def show_memory(supervisor: Ptr[Supervisor]) -> u8:
    """The device's memory, and how much of it each process was granted and uses."""
    total = supervisor.memory_total()
    free = supervisor.memory_free()
    count = supervisor.count()
    if isinstance(total, CallError):
        return say_failed("mem", total)
    if isinstance(free, CallError):
        return say_failed("mem", free)
    if isinstance(count, CallError):
        return say_failed("mem", count)
    print(f"total {total // KILOBYTE} K, not granted {free // KILOBYTE} K")
    name: Array[u8] = array(NAME_BYTES)
    for index in range(count):
        size = supervisor.name(index, name)
        granted = supervisor.memory_granted(index)
        used = supervisor.memory_used(index)
        if isinstance(size, CallError):
            return say_failed("mem", size)
        if isinstance(granted, CallError):
            return say_failed("mem", granted)
        if isinstance(used, CallError):
            return say_failed("mem", used)
        print(f"{as_text(name[0:size]):16}  granted {granted // KILOBYTE:8} K  used {used // KILOBYTE:8} K")
    return OK


def named_process(supervisor: Ptr[Supervisor], command: str) -> u32 | CallError:
    """The process that the second word names; says so when there is none, and answers REFUSED."""
    if words.count < 2:
        print(f"{command} wants the name of a process: ps shows them")
        return CallError.REFUSED
    name = words.word(1)
    found = supervisor.find(as_text(name))
    if isinstance(found, CallError):
        return found
    count = supervisor.count()
    if isinstance(count, CallError):
        return count
    if found >= count:
        print(f"{command}: this image has no process {as_text(name)}: ps shows them")
        return CallError.REFUSED
    return found


def run(supervisor: Ptr[Supervisor]) -> u8:
    """Starts a process, and waits for its end unless the last word is &."""
    process = named_process(supervisor, "run")
    if isinstance(process, CallError):
        return MISUSED
    waits = not is_word(words.count - 1, "&")
    if not waits:
        words.count -= 1
    arguments: Array[u8] = array(LINE_BYTES)
    size = words.joined(2, arguments)
    if size > len(arguments):
        print("run: the arguments are too long")
        return MISUSED
    started = supervisor.start(process, arguments[0:size])
    if isinstance(started, CallError):
        return say_failed("run", started)
    if not started:
        print(f"run: {as_text(words.word(1))} runs already, or cannot be started")
        return FAILED
    if not waits:
        return OK
    status = supervisor.wait(process)
    if isinstance(status, CallError):
        return say_failed("run", status)
    if status == FAILED_STATUS:
        print(f"run: {as_text(words.word(1))} failed")
        return FAULTED
    if status != 0:
        print(f"run: {as_text(words.word(1))} ended with status {status}")
    return U8(status & 0xFF)


def kill(supervisor: Ptr[Supervisor]) -> u8:
    """Stops a process."""
    process = named_process(supervisor, "kill")
    if isinstance(process, CallError):
        return MISUSED
    stopped = supervisor.stop(process)
    if isinstance(stopped, CallError):
        return say_failed("kill", stopped)
    if not stopped:
        print(f"kill: {as_text(words.word(1))} does not run")
        return FAILED
    return OK


def halt(supervisor: Ptr[Supervisor]) -> u8:
    """Powers the device off."""
    status: u64 = 0
    if words.count > 1:
        status = parse_number(words.word(1), 255)
        if status > 255:
            print("halt: the status is a number from 0 to 255")
            return MISUSED
    failed = supervisor.halt(U32(status))
    if failed is not None:
        return say_failed("halt", failed)
    return OK
