"""For tests of apps: functions compiled for this machine, and whole runs on an emulated device.

```python
from motet.testing import Trap, compile_app, run_app

def test_the_area_is_right():
    assert compile_app(APP).area(3, 4) == 12

def test_the_app_says_hello():
    assert run_app(APP).output == "hello\\n"
```
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from metal.compiler.diagnostics import Diagnostics
from metal.compiler.harness import Trap, compile_for_host
from motet.choice import Choice, choose
from motet.emulator import Emulator, Settings
from motet.errors import Diagnosed
from motet.launch import lay_out
from motet.programs import module_of
from motet.session import Outlets, Session

__all__ = ["Done", "Trap", "compile_app", "run_app", "run_image"]


@dataclass
class Done:
    """How a run ended and what came out of it."""

    status: int = 0
    output: str = ""
    log: str = ""
    faults: list[str] = field(default_factory=list[str])


def compile_app(file: Path) -> Any:
    """The app's functions, compiled for this machine with every check; a failed check raises `Trap`.

    Each call gives a fresh copy, with its global variables as they are at the start.
    """
    module, folder = module_of(Path(file))
    try:
        return compile_for_host(module, roots=[folder])
    except Diagnostics as found:
        raise Diagnosed(found.draw()) from None


def run_app(file: Path, *arguments: str, typed: str = "", seconds: float = 60.0, **choices: Any) -> Done:
    """Runs a whole app on an emulated device; `choices` are `board`, `memory` and `cpus`."""
    return run_choice(Choice(what=str(file), arguments=arguments, **choices), typed, seconds)


def run_image(
    image: str | None = None, lines: Sequence[str] = (), typed: str = "", seconds: float = 60.0, **choices: Any
) -> Done:
    """Runs an image; `lines` are given to its shell, which then powers off."""
    return run_choice(Choice(what=image, lines=tuple(lines), **choices), typed, seconds)


def run_choice(choice: Choice, typed: str, seconds: float) -> Done:
    """Builds, boots and waits for the end."""
    laid = lay_out(*choose(choice))
    done = Done()
    output = bytearray()

    def keep_log(text: str) -> None:
        done.log += text

    outlets = Outlets(output.extend, keep_log, done.faults.append)
    with Emulator(laid.board, laid.file, Settings(memory=laid.board.memory, cpus=laid.cpus)) as emulator:
        session = Session(emulator, laid.symbols, outlets, laid.folders)
        if typed:
            session.send_input(typed.encode())
        done.status = session.run(None, seconds)
    done.output = output.decode(errors="replace")
    return done
