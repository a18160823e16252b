"""What a person waits for: processor seconds from the command to the shell's prompt, and to a changed app's output."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from benches.rows import Row

ROOT: Final = Path(__file__).resolve().parents[2]
MOTET: Final = str(ROOT / "motet")
PATIENCE: Final = 120.0

APP: Final = '''"""Prints a number."""


def main() -> None:
    """Prints it."""
    print("the number is NUMBER")
'''


def processor_seconds(command: list[str], until: bytes | None = None) -> float:
    """User and system time of a command and everything it started; `until` ends it when it has said that."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert process.stdout is not None
    said = b""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        data = os.read(process.stdout.fileno(), 4096)
        said += data
        if not data or (until is not None and until in said):
            break
    if until is not None:
        if until not in said:
            raise RuntimeError(f"{' '.join(command)} never said {until!r}: {said[-200:]!r}")
        process.send_signal(signal.SIGINT)
    process.communicate(timeout=PATIENCE)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime)


def row(case: str, value: float, goal: float) -> Row:
    """One measured wait beside its goal."""
    return {
        "bench": "start", "case": case, "family": "host", "metric": "processor time", "value": round(value, 2),
        "unit": "s", "reference": "goal", "reference_value": goal,
    }  # fmt: skip


def measure() -> list[Row]:
    """Warms everything once, then measures; absolute times say little on a shared machine, the order of them a lot."""
    prompt = b"> "
    processor_seconds([MOTET, "run"], prompt)
    rows = [row("warm, to the prompt", min(processor_seconds([MOTET, "run"], prompt) for _ in range(3)), 2.0)]
    with tempfile.TemporaryDirectory() as folder:
        app = Path(folder) / "number.py"
        app.write_text(APP.replace("NUMBER", "0"))
        processor_seconds([MOTET, "run", str(app)])
        waits: list[float] = []
        for number in range(1, 4):
            app.write_text(APP.replace("NUMBER", f"{number}.{time.time_ns()}"))
            waits.append(processor_seconds([MOTET, "run", str(app)]))
        rows.append(row("a changed app, to its end", min(waits), 4.0))
    return rows


if __name__ == "__main__":
    for line in measure():
        print(line, file=sys.stdout)
