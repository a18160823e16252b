"""Rolls dice with random bytes of the device's entropy source."""

from typing import Final

from abi.services.rng import Rng
from metal import Array, array, u8
from system.app import Arguments, CallError, connect

# The bytes below this are a multiple of six, so that each side of a die is as likely as any other.
FAIR: Final = 252


def main(arguments: Arguments) -> u8:
    """Rolls as many dice as there are words in the arguments, at least one."""
    rng = connect(Rng, "rng")
    if isinstance(rng, CallError):
        print("this device has no source of random bytes")
        return 1
    dice = arguments.count() if arguments.count() > 0 else 1
    byte: Array[u8] = array(1)
    while dice > 0:
        given = rng.read(byte)
        if isinstance(given, CallError):
            print(f"no random bytes: {given}")
            return 1
        if byte[0] < FAIR:
            print(f"{byte[0] % 6 + 1}")
            dice -= 1
    return 0
