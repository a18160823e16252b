"""Where print, log and panic go: to the console service; before it is known, to the kernel's console."""

from __future__ import annotations

from typing import Final

from abi.console import APP_OUTPUT, LOG
from abi.interface import CallError
from abi.kernel import Call
from abi.services.console import Console
from abi.services.log import Log
from metal import U64, View, Words, export, kernel_call, u8, u64
from system.runtime.interfaces import connect
from system.runtime.messages import MESSAGE_BYTES
from system.runtime.program import program

UNSAFE: Final = True

PRINT_STREAM: Final = 0
PRINT_BYTES: Final = 56
# Room for the text beside the other words of a message.
PIECE_BYTES: Final = MESSAGE_BYTES - 64


@export
def metal_write(stream: u8, text: View[u8]) -> None:
    """Called by the code that the compiler makes of print, log and panic, with whole lines or pieces of long ones."""
    if program.started is None:
        write_early(text)
    elif stream == PRINT_STREAM:
        write_console(APP_OUTPUT, text)
    else:
        write_log(text)


def write_console(kind: u8, text: View[u8]) -> None:
    """Sends bytes to the console. A program whose plan gives it none, or whose console is gone, prints nowhere."""
    console = connect(Console, "console")
    if isinstance(console, CallError):
        return
    place: u64 = 0
    while place < len(text):
        end = place + PIECE_BYTES if len(text) - place > PIECE_BYTES else len(text)
        if console.write(kind, text[place:end]) is not None:
            return
        place = end


def write_log(text: View[u8]) -> None:
    """Sends a line to the log service, or straight to the console where the plan gives no log."""
    end = len(text)
    if end > 0 and text[end - 1] == 0x0A:
        end -= 1
    service = connect(Log, "log")
    if isinstance(service, CallError):
        write_console(LOG, text[0:end])
    elif end <= PIECE_BYTES and service.append(text[0:end]) is not None:
        write_console(LOG, text[0:end])


def write_early(text: View[u8]) -> None:
    """Bytes to the kernel's console, which only root may write to."""
    place: u64 = 0
    while place < len(text):
        words = Words()
        count: u64 = 0
        while count < PRINT_BYTES and place < len(text):
            words.w[1 + count // 8] |= U64(text[place]) << (count % 8 * 8)
            place += 1
            count += 1
        words.w[0] = count
        kernel_call(Call.PRINT, program.machine, 0, words)
