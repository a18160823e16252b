"""Switches the lamp on and off, wherever it is."""

from apps.lamp import Lamp
from metal import u8
from system.app import CallError, connect


def main() -> u8:
    """One switch each way; the status says whether the lamp did it."""
    lamp = connect(Lamp, "lamp")
    if isinstance(lamp, CallError):
        print(f"no lamp: {lamp}")
        return 1
    on = lamp.switch(True)
    off = lamp.switch(False)
    if isinstance(on, CallError):
        print(f"not switched on: {on}")
        return 2
    if isinstance(off, CallError):
        print(f"not switched off: {off}")
        return 2
    print(f"on gave {on}, off gave {off}")
    return 0
