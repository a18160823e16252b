"""A common mistake: unknown method."""

from __future__ import annotations

from metal import Ptr, struct


@struct
class Lamp:
    on: bool = False

    def switch(self) -> None:
        self.on = not self.on


def press(lamp: Ptr[Lamp]) -> None:
    lamp.swich()
