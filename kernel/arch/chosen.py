"""The CPU family of this build: the compiler is told to take another module for this one."""

from kernel.arch.host import *  # noqa: F403
