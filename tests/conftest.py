"""How tests are spread over processors: a file's tests share what they build, those of planted bugs share nothing."""

from __future__ import annotations

import pytest
from xdist.scheduler.loadfile import LoadFileScheduling  # pyright: ignore[reportMissingTypeStubs]

ALONE = ("tests/kernel/test_bugs.py", "tests/machine/test_seeded.py")


class Spread(LoadFileScheduling):
    """A file goes to one processor as a whole, unless each of its tests builds a kernel of its own."""

    def _split_scope(self, nodeid: str) -> str:
        return nodeid if nodeid.startswith(ALONE) else super()._split_scope(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> Spread:
    """The scheduler in place of the one of `--dist loadfile`."""
    return Spread(config, log)  # pyright: ignore[reportArgumentType]
