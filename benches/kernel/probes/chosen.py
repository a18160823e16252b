"""The CPU family the bench is compiled for: the build puts another module in this one's place."""

from benches.kernel.probes.aarch64 import *  # noqa: F403
