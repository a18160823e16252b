"""How firmware starts the loader on the CPU family of this build: the compiler is told to take another module."""

from loader.arch.host import *  # noqa: F403
