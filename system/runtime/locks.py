"""A lock between the threads of one program; who waits for it sleeps, so a holder of lower priority gets on."""

from __future__ import annotations

from typing import Final

from metal import Atomic, struct
from system.runtime.time import microseconds, sleep

RETRY_MICROSECONDS: Final = 50


@struct
class Lock:
    """Held by one thread at a time; not by the same thread twice."""

    held: Atomic[bool] = Atomic(False)

    def acquire(self) -> None:
        """Waits until the lock is free and takes it."""
        while not self.held.cas(False, True, "acquire"):
            sleep(microseconds(RETRY_MICROSECONDS))

    def release(self) -> None:
        """Lets others have it."""
        self.held.store(False, "release")

    def __enter__(self) -> None:
        self.acquire()

    def __exit__(self, *details: object) -> None:
        self.release()
