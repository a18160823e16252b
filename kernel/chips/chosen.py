"""The set of chips of this build: the compiler is told to take another module for this one."""

from kernel.chips.host import *  # noqa: F403
