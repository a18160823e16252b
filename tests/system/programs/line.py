"""Asks the driver of the serial line how many interrupts it answered, before and after something was typed."""

from abi.services.console import Console
from abi.services.uart import Uart
from metal import Array, array, as_text, u8
from system.app import CallError, connect

typed: Array[u8] = array(64)


def main() -> u8:
    """Echoes one reading of what is typed, then says how many interrupts that took."""
    uart = connect(Uart, "uart")
    console = connect(Console, "console")
    if isinstance(uart, CallError) or isinstance(console, CallError):
        return 1
    before = uart.interrupts()
    print("ready")
    count = console.read(typed)
    after = uart.interrupts()
    if isinstance(before, CallError) or isinstance(after, CallError) or isinstance(count, CallError):
        return 2
    print(f"typed {as_text(typed[0:count])}")
    print(f"interrupts {after - before}")
    return 0
