"""A lamp that any device may switch."""

from metal import struct
from system.app import CallError, interface, serve


@interface
class Lamp:
    """What a lamp can do."""

    def switch(self, on: bool) -> bool | CallError: ...


@struct
class DeskLamp:
    """A lamp that says how it is."""

    on: bool = False

    def switch(self, on: bool) -> bool:
        """Switches the lamp; the result is how it is now."""
        self.on = on
        print(f"lamp is {self.on}")
        return self.on


lamp: DeskLamp = DeskLamp()


def main() -> None:
    """Serves the lamp for ever."""
    serve(Lamp, lamp, "lamp")
