"""What the kernel asks of a CPU family: every name that code outside `kernel/arch` may use, and nothing else.

A family is a module with these names; `kernel.arch.chosen` is the one of this build. Interrupts are masked whenever the
kernel runs. The family's assembly enters the kernel through the functions of `kernel/trap.py`, with the `Cpu` whose
first field is the family's `CpuRecord`, and on their return resumes the frame that `select` named last.
"""

from __future__ import annotations

from typing import Any, Final, NoReturn, Protocol

from abi.kernel import Fault
from metal import Array, Ptr, u64

# Access of a page, beside READ, WRITE and EXECUTE of abi.kernel.
DEVICE: Final = 8


class FrameShape(Protocol):
    """A stopped thread's registers. The call convention's parts are plain fields; the rest is the family's own."""

    words: Array[u64]  # the message, MESSAGE_WORDS of them
    handle: u64  # in: the handle; out: the status
    number: u64  # in and out: the number
    pc: u64
    stack: u64
    thread_pointer: u64
    space: u64  # from space_register
    full: u64  # all registers are to be restored


class CpuRecordShape(Protocol):
    """What the family keeps for a CPU, first in the kernel's Cpu."""

    frame: Any


class Arch(Protocol):
    """A CPU family."""

    # Constants.
    @property
    def NAME(self) -> str: ...
    @property
    def PAGE_BITS(self) -> int: ...
    @property
    def LEVELS(self) -> int:
        """Levels of page tables; each table is a page of eight-byte entries."""
        ...

    @property
    def USER_TOP(self) -> int:
        """The first address no program may use."""
        ...

    @property
    def DIRECT_MAP(self) -> int:
        """What to add to a physical address to reach it."""
        ...

    @property
    def TAGS(self) -> int:
        """How many tags tell spaces apart in the translation buffers; tag 0 is the space of nobody."""
        ...

    @property
    def MEMORY_GRAIN(self) -> int:
        """Free memory is taken in blocks of so many bytes."""
        ...

    @property
    def BROADCASTS(self) -> bool:
        """forget_page and forget_space reach every CPU by themselves."""
        ...

    @property
    def IDLE_RETURNS(self) -> bool:
        """With nobody to run the kernel returns, and the family enters it again when something happens."""
        ...

    @property
    def REGISTERS(self) -> int:
        """How many registers get_register knows."""
        ...

    @property
    def PORTS(self) -> int:
        """How many ports devices may have beside memory; 0 where the family knows no such thing."""
        ...

    # The image.
    def image_start(self) -> u64: ...
    def image_end(self) -> u64: ...
    def bundle_start(self) -> u64:
        """Physical address of the bundle, right behind the image."""
        ...

    # CPUs.
    def setup_cpu(self, record: Ptr[Any], /) -> None:
        """Vectors, protection and the pointer to the record, on the CPU that runs this."""
        ...

    def hardware_id(self) -> u64:
        """What the machine calls the CPU that runs this."""
        ...

    def start_cpu(self, hardware_id: u64, record: Ptr[Any], /) -> bool: ...
    def enter(self, record: Ptr[Any], /) -> None:
        """Leave the boot stack and resume the selected frame; never returns."""
        ...

    def this_cpu(self) -> u64:
        """Address of the record of the CPU that runs this."""
        ...

    def wait(self) -> None:
        """Sleep until an interrupt is pending."""
        ...

    def pending(self) -> bool:
        """Whether an interrupt waits for the kernel to end."""
        ...

    def relax(self) -> None:
        """Inside a spinning loop."""
        ...

    def stop(self, status: u64, /) -> NoReturn: ...
    def restart_machine(self) -> NoReturn: ...

    # Ports, each access of 1, 2 or 4 bytes and inside PORTS.
    def read_port(self, port: u64, bytes: u64, /) -> u64: ...
    def write_port(self, port: u64, bytes: u64, value: u64, /) -> None: ...

    # Frames.
    def frame_start(self, frame: Ptr[Any], entry: u64, stack: u64, argument: u64, /) -> None:
        """Make a frame that begins at entry, with nothing left of what was there."""
        ...

    def repeat_call(self, frame: Ptr[Any], /) -> None:
        """Make the thread enter the same call again, with the same words, handle and number."""
        ...

    def get_register(self, frame: Ptr[Any], register: u64, /) -> u64: ...
    def put_register(self, frame: Ptr[Any], register: u64, value: u64, /) -> None: ...
    def select(self, record: Ptr[Any], frame: Ptr[Any], /) -> None:
        """Say who runs next: its space, its thread pointer, its wide registers when it touches them."""
        ...

    def select_called(self, record: Ptr[Any], frame: Ptr[Any], source: Ptr[Any], /) -> u64:
        """The same for a frame whose thread waits in a call, with the words of `source`, whose thread just made one.

        The family's assembly gets the result from `kernel_call`. A family may copy the words, select and return 0. Or
        it returns the address of `source`, and its assembly takes the words from there and resumes the selected frame
        without looking whether it is full.
        """
        ...

    def select_nobody(self, record: Ptr[Any], /) -> None:
        """Leave every user space: nobody runs next."""
        ...

    def forget_vectors(self, record: Ptr[Any], frame: Ptr[Any], /) -> None:
        """The frame's memory is reused: nothing of its wide registers is kept on this CPU."""
        ...

    def fault_kind(self, syndrome: u64, /) -> Fault: ...

    # Translation.
    def share_kernel(self, root: u64, /) -> None:
        """Let the kernel run in the space of a new root table, at this physical address."""
        ...

    def space_register(self, root: u64, tag: u64, /) -> u64: ...
    def map_memory(self, physical: u64, bytes: u64, /) -> None:
        """Let the direct map reach this memory; at boot only."""
        ...

    def leaf(self, physical: u64, access: u64, /) -> u64: ...
    def branch(self, physical: u64, /) -> u64: ...
    def entry_present(self, entry: u64, /) -> bool: ...
    def entry_physical(self, entry: u64, /) -> u64: ...
    def tables_written(self) -> None:
        """Entries written before are seen by translations after it."""
        ...

    def forget_page(self, address: u64, tag: u64, /) -> None: ...
    def forget_space(self, tag: u64, /) -> None: ...
    def forget_done(self) -> None:
        """Wait until what was to be forgotten is forgotten."""
        ...

    def publish_code(self, address: u64, bytes: u64, /) -> None:
        """Written bytes, at an address of the direct map, become executable."""
        ...
