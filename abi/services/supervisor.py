"""The supervisor: how the processes of the device do, and starting and stopping them."""

from __future__ import annotations

from enum import Enum
from typing import Final

from abi.interface import CallError, interface, posted
from metal import Slice, View, u8, u32, u64


class ProcessState(Enum):
    """What a process does, as `ps` shows it."""

    STOPPED = 0  # not started, or stopped by a person
    RUNNING = 1
    WAITING = 2  # for a message, a reply, a signal or a time; or for its device to be found
    ENDED = 3  # by itself; its exit status is kept
    FAILED = 4  # by a fault, and not to be started again


@interface
class Supervisor:
    """Only for programs that may inspect; starting, stopping and halting is for those that may supervise."""

    def count(self) -> u32 | CallError:
        """How many processes the image has; they are numbered from 0."""
        ...

    def name(self, process: u32, into: Slice[u8]) -> u64 | CallError:
        """The name of a process: how many bytes."""
        ...

    def find(self, name: str) -> u32 | CallError:
        """The number of the process with this name; count() when there is none."""
        ...

    def state(self, process: u32) -> ProcessState | CallError:
        """What a process does."""
        ...

    def priority(self, process: u32) -> u32 | CallError:
        """The priority of its first thread."""
        ...

    def restarts(self, process: u32) -> u32 | CallError:
        """How often it was started again after a failure."""
        ...

    def status(self, process: u32) -> u32 | CallError:
        """Its exit status, when it has ended."""
        ...

    def time_used(self, process: u32) -> u64 | CallError:
        """Nanoseconds of processor time since it was last started."""
        ...

    def memory_granted(self, process: u32) -> u64 | CallError:
        """Bytes of memory that are its own."""
        ...

    def memory_used(self, process: u32) -> u64 | CallError:
        """Bytes of its own memory that are in use."""
        ...

    def memory_total(self) -> u64 | CallError:
        """Bytes of memory that programs can have."""
        ...

    def memory_free(self) -> u64 | CallError:
        """Bytes that no program was granted."""
        ...

    def idle_time(self, processor: u32) -> u64 | CallError:
        """Nanoseconds that a processor had nothing to do."""
        ...

    def switches(self, processor: u32) -> u64 | CallError:
        """How often a processor chose a thread to run."""
        ...

    def interrupts(self, processor: u32) -> u64 | CallError:
        """How many interrupts a processor took."""
        ...

    def processors(self) -> u32 | CallError:
        """How many processors run."""
        ...

    def start(self, process: u32, arguments: View[u8]) -> bool | CallError:
        """Starts a process that does not run; the arguments are texts, each ended by a zero byte."""
        ...

    def stop(self, process: u32) -> bool | CallError:
        """Stops a process; one that is always to run is started again at once."""
        ...

    def wait(self, process: u32) -> u32 | CallError:
        """Answers when the process does not run any more: its exit status, or FAILED_STATUS after a fault."""
        ...

    def halt(self, status: u32) -> CallError | None:
        """Powers the device off with an exit status."""
        ...

    def found(self, device: u32, offset: u64, size: u64, interrupt: u32) -> bool | CallError:
        """Says where a device's registers are in the window of its bus, and its interrupt among those of the bus.

        Only for who drives that bus. Whether it was taken; the program that waited for the device is then started.
        """
        ...

    @posted
    def interrupt(self) -> CallError | None:
        """Stops every process whose end somebody waits for: a person typed control-C."""
        ...

    @posted
    def drained(self) -> CallError | None:
        """Said by the console when the last frame before the power goes has left the device."""
        ...


FAILED_STATUS: Final = 0x100
