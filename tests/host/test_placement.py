"""Placement is a line of the image: the same service as a process of its own, and as a function of its caller."""

from __future__ import annotations

from pathlib import Path

import pytest

from motet.testing import run_image

SERVICE = '''"""A lamp."""
from metal import struct
from system.app import CallError, interface, serve


@interface
class Lamp:
    def switch(self, on: bool) -> bool | CallError: ...


@struct
class DeskLamp:
    on: bool = False

    def switch(self, on: bool) -> bool:
        self.on = on
        print(f"lamp is {self.on}")
        return self.on


lamp: DeskLamp = DeskLamp()


def main() -> None:
    serve(Lamp, lamp, "lamp")
'''

CALLER = '''"""Switches the lamp."""
from lamp import Lamp
from system.app import CallError, connect


def main() -> None:
    found = connect(Lamp, "lamp")
    if isinstance(found, CallError):
        print("there is no lamp")
        return
    answer = found.switch(True)
    if isinstance(answer, CallError):
        print("the lamp did not answer")
        return
    print(f"switched: {answer}")
'''

HEAD = """extends = "base"

[programs.switcher]
module = "switcher.py"
priority = 50
memory = "1M"
budget = "5ms"
period = "10ms"
halt_on_exit = true
"""

AS_PROCESS = """calls = ["lamp", "console", "log"]

[programs.lamp]
module = "lamp.py"
priority = 60
memory = "1M"
budget = "5ms"
period = "10ms"
offers = ["lamp"]
calls = ["console", "log"]

[services.lamp]
module = "lamp.py"
placement = "process"
"""

AS_FUNCTION = """calls = ["console", "log"]

[services.lamp]
module = "lamp.py"
placement = "function"
in = ["switcher"]
"""

NOT_ALLOWED = AS_PROCESS.replace('calls = ["lamp", "console", "log"]', 'calls = ["console", "log"]', 1)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("placement", "output"),
    [(AS_PROCESS, "lamp is True\nswitched: True\n"), (AS_FUNCTION, "lamp is True\nswitched: True\n"),
     (NOT_ALLOWED, "there is no lamp\n")],
    ids=["process", "function", "not allowed"],
)  # fmt: skip
def test_a_call_is_the_same_wherever_the_service_runs(tmp_path: Path, placement: str, output: str) -> None:
    (tmp_path / "lamp.py").write_text(SERVICE)
    (tmp_path / "switcher.py").write_text(CALLER)
    (tmp_path / "image.toml").write_text(HEAD + placement)
    done = run_image(str(tmp_path / "image.toml"))
    assert (done.status, done.output) == (0, output), done.log
