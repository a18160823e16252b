"""How firmware starts the loader on the CPU family of this build: the compiler is told to take another module."""

from kernel.arch.host.uefi import *  # noqa: F403
