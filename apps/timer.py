"""Waits: `timer 90` says when ninety seconds are over, to the clock of the device."""

from typing import Final

from metal import u8
from metal.library.failures import Malformed
from metal.library.numbers import parse_unsigned
from system.app import Arguments, now, seconds, sleep

LONGEST: Final = 86_400


def main(arguments: Arguments) -> u8:
    """Sleeps without using the processor, then says how long it was."""
    if arguments.count() != 1:
        print("say how long: timer SECONDS")
        return 1
    wanted = parse_unsigned(arguments.text(0).encode())
    if isinstance(wanted, Malformed) or wanted > LONGEST:
        print(f"a timer runs for a whole number of seconds, at most {LONGEST}")
        return 1
    start = now()
    sleep(seconds(wanted))
    print(f"{(now() - start) // seconds(1)} seconds are over")
    return 0
