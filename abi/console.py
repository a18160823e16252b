"""The console's frames: how a device and the host share one serial line.

A frame is `0x00 COBS(kind u8, process u8, payload, crc16 little-endian) 0x00`. The CRC (polynomial 0x1021, start
0xFFFF, no reflection) covers kind, process and payload. Bytes outside frames are raw text: the kernel before the
console driver runs, or its last words. COBS leaves no zero inside a frame, so a reader that joins late finds the next.
"""

from __future__ import annotations

from typing import Final

from metal import Array, array, struct, u32, u64

# The kind of a frame, its first byte.
APP_OUTPUT: Final = 1  # device to host: bytes a program printed
LOG: Final = 2  # device to host: one line of a program's log, without its line end
FAULT: Final = 3  # device to host: a FaultReport
INPUT: Final = 4  # host to device: bytes a person typed
EXIT: Final = 5  # device to host: an ExitReport; the device powers off next
TERMINAL: Final = 6  # device to host: bytes for the terminal (the shell's line editor)
END_OF_INPUT: Final = 7  # host to device: nothing more will be typed

# Every encoded frame then has a single COBS block: one byte of overhead before it.
PAYLOAD_BYTES: Final = 240
CRC_POLYNOMIAL: Final = 0x1021
CRC_START: Final = 0xFFFF

# The process number of frames that no process sent (the kernel, the host).
NOBODY: Final = 255

BACKTRACE_ADDRESSES: Final = 16
NO_PROGRAM: Final = 0xFFFF_FFFF


@struct
class FaultReport:
    """Why a program was stopped; the host turns the addresses into names and lines."""

    program: u32 = 0  # index in the bundle, or NO_PROGRAM
    process: u32 = 0  # which running instance
    kind: u32 = 0  # abi.kernel.FaultKind
    access: u32 = 0  # abi.bundle.READ, WRITE or EXECUTE, where memory was the cause
    address: u64 = 0  # what was touched
    counter: u64 = 0  # the program counter
    stack: u64 = 0  # the stack pointer
    restarts: u32 = 0  # how often the supervisor had started it again before
    addresses: u32 = 0  # how many of the backtrace below are filled
    # The link register as it was (0 where a CPU has none), then the return addresses of the frames, the nearest first.
    backtrace: Array[u64] = array(BACKTRACE_ADDRESSES)


@struct
class ExitReport:
    """The last frame: how the device ended."""

    status: u32 = 0  # what the app returned
    reason: u32 = 0  # one of the reasons below


EXIT_FINISHED: Final = 0  # the app returned, or the shell was told to halt
EXIT_FAULT: Final = 1  # the app, or a program the image cannot do without, faulted
EXIT_REFUSED: Final = 2  # the image could not be started as planned
EXIT_KERNEL: Final = 3  # the kernel stopped itself
