"""How long 10,000 lines take from nothing: metalc's own processor seconds, and the C compiler's apart."""

from __future__ import annotations

import resource
import tempfile
import time
from pathlib import Path
from typing import Final

from benches.rows import Row
from metal.compiler.build import Request, build_program
from metal.compiler.cache import Cache
from metal.targets import target_named

LINES: Final = 10_000
GOAL_SECONDS: Final = 4.0

# About fifty lines in the manner of real ones: a struct, methods, loops, slices, a result, arithmetic, calls.
BLOCK: Final = '''

@struct
class Meter{n}:
    """Counts what passes."""

    total: u64 = 0
    peak: u32 = 0
    samples: Array[u32] = array(16)

    def add(self, value: u32) -> None:
        """Takes one sample."""
        self.samples[self.total % 16] = value
        self.total += 1
        if value > self.peak:
            self.peak = value

    def mean(self) -> u64:
        """The mean of the last samples."""
        total: u64 = 0
        for sample in self.samples:
            total += U64(sample)
        return total // 16


meter{n}: Meter{n} = Meter{n}()


def checksum{n}(data: Slice[u8]) -> u32:
    """Mixes bytes."""
    low: w32 = 1
    high: w32 = 0
    for byte in data:
        low = low + W32(byte)
        high = high ^ (low << 3)
    return U32(low ^ high)


def limit{n}(value: u64, most: u64) -> u64 | Failure:
    """Refuses what is too much."""
    if value > most:
        return Failure.TOO_MUCH
    return value * 2 + {n}


def step{n}(data: Slice[u8], value: u64) -> u64:
    """Uses all of it."""
    meter{n}.add(checksum{n}(data[0 : len(data) // 2]))
    found = limit{n}(value, 1000)
    if isinstance(found, Failure):
        return 0
    return found + meter{n}.mean()
'''

HEAD: Final = '''"""A program made to be large."""

from enum import Enum

from metal import U32, U64, W32, Array, Slice, array, export, struct, u8, u32, u64, w32


class Failure(Enum):
    """Why not."""

    TOO_MUCH = 1


message: Array[u8] = array(64)
'''


def program() -> str:
    """A source of LINES lines in which everything is used."""
    count = (LINES - HEAD.count("\n")) // (BLOCK.count("\n") + 1)
    calls = "".join(f"    total += step{n}(message, total % 900)\n" for n in range(count))
    blocks = "".join(BLOCK.replace("{n}", str(n)) for n in range(count))
    run = f'@export\ndef run() -> u64:\n    """Calls each."""\n    total: u64 = 0\n{calls}    return total\n'
    return f"{HEAD}{blocks}\n\n{run}"


def processor_time(who: int) -> float:
    """User and system seconds so far."""
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


def measure() -> list[Row]:
    """Compiles the made program with an empty cache."""
    source = program()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = folder / "large.py"
        file.write_text(source)
        request = Request(file, (folder,), target_named("host"))
        own, children, wall = time.process_time(), processor_time(resource.RUSAGE_CHILDREN), time.perf_counter()
        build_program(request, Cache(folder / "cache"))
        own, wall = time.process_time() - own, time.perf_counter() - wall
        children = processor_time(resource.RUSAGE_CHILDREN) - children
    lines = source.count("\n")
    return [
        row(f"{lines:,} lines, metalc", "processor time", own, GOAL_SECONDS * lines / LINES),
        row(f"{lines:,} lines, C compiler and linker", "processor time", children, None),
        row(f"{lines:,} lines, both", "wall time", wall, None),
    ]


def row(case: str, metric: str, value: float, goal: float | None) -> Row:
    """One line of the report."""
    return {
        "bench": "compile", "case": case, "family": "host", "metric": metric, "value": round(value, 2), "unit": "s",
        "reference": "" if goal is None else "goal", "reference_value": goal,
    }  # fmt: skip
