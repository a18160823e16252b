"""The CPU family the suite is compiled for: the build puts another module in this one's place."""

from tests.machine.probes.aarch64 import *  # noqa: F403
