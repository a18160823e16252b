"""Counts up, one number each period, until its argument; shows a timer that does not drift."""

from metal import U64, u8, u64
from system.app import Arguments, Ticker, milliseconds


def main(arguments: Arguments) -> u8:
    """Counts to the first argument, or to three, ten times a second."""
    last: u64 = 3
    if arguments.count() > 0:
        last = number(arguments.text(0))
    ticker = Ticker()
    ticker.start(milliseconds(100))
    for value in range(1, last + 1):
        ticker.wait()
        print(f"{value}")
    return 0


def number(text: str) -> u64:
    """The decimal number at the beginning of a text."""
    value: u64 = 0
    for byte in text.encode():
        if byte < 0x30 or byte > 0x39:
            break
        value = value * 10 + U64(byte) - 0x30
    return value
