"""Counts instructions on an emulated machine, and measures the kernel's size, beside what seL4 needs for the same."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from elftools.elf.elffile import ELFFile

from benches.kernel.machine import FAMILY, PROGRAM, measured_machine
from benches.kernel.trace import ROADS, cost_of, trace
from benches.rows import Row
from metal.compiler.build import Built
from motet.rooted import boot, build

# Those with probes of their own, the one that is compared first.
PROBES: Final = {path.stem for path in (Path(__file__).parent / "probes").glob("*.py")} - {"__init__", "chosen"}
FAMILIES: Final = sorted(PROBES, key=lambda family: (family != FAMILY, family))

# Executed instructions of seL4 on the same emulator with its instruction counter (16.0.0-dev, gcc 12 -O2): the build
# without and with its scheduling contexts, for threads that use no vector registers where that makes a difference.
PLAIN: Final = "seL4, instructions"
MCS: Final = "seL4 with scheduling contexts, instructions"
SEL4: Final[dict[str, tuple[float, float]]] = {
    "null call": (227, 281),
    "round trip, 0 to 8 words": (415, 483),
    "round trip, vector registers": (520, 588),
    "round trip, 64 words": (2015, 2681),
    "yield": (280, 442),
    "signal to waiter": (481, 652),
    "signal, wake, wait again": (868, 1156),
    "fault and reply": (1093, 1700),
    "map": (552, 650),
    "unmap": (508, 604),
    "interrupt to driver": (322, 454),
    "boot to first program": (2_760_384, 2_760_752),
}
SEL4_BYTES: Final = (44_656.0, 58_384.0)


def measure() -> Iterable[Row]:
    """Every row of every family."""
    return [row for family in FAMILIES for row in measure_family(family)]


def measure_family(family: str) -> list[Row]:
    """Every row of one family."""
    machine = measured_machine(family)
    with tempfile.TemporaryDirectory() as folder:
        run = boot(machine, PROGRAM, Path(folder), seconds=120)
    if "bench: done" not in run.lines:
        raise RuntimeError(run.last())
    rows: list[Row] = []
    for line in run.lines:
        if line.startswith("count "):
            _, hundredths, case = line.split(" ", 2)
            rows += compared(family, case, "instructions", int(hundredths) / 100, "instructions", SEL4.get(case))
    kernel, _ = build(machine.board, PROGRAM, 1, ())
    rows += sizes(family, kernel)
    return rows + hidden_costs() if family == FAMILY else rows


def hidden_costs() -> list[Row]:
    """What an instruction counter takes for instructions like any others, on each road."""
    rows: list[Row] = []
    for road, steps in trace(ROADS).items():
        cost = cost_of(steps)
        for metric, value in (
            ("barriers", cost.barriers),
            ("system registers read", cost.system_reads),
            ("system registers written", cost.system_writes),
        ):
            rows += compared(FAMILY, road, metric, value, "instructions", None)
    return rows


def compared(
    family: str, case: str, metric: str, value: float, unit: str, references: tuple[float, float] | None
) -> list[Row]:
    """The row of a case, once for each thing it is compared with on this family."""
    told = references if family == FAMILY else None
    names = ((PLAIN, told[0]), (MCS, told[1])) if told is not None else (("", None),)
    return [
        Row(bench="kernel", case=case, family=family, metric=metric, value=value, unit=unit, reference=name,
            reference_value=number)
        for name, number in names
    ]  # fmt: skip


def sizes(family: str, kernel: Built) -> list[Row]:
    """Text and constants, as a product is built; the trap table, which only a failing kernel reads, apart."""
    with kernel.program.open("rb") as file:
        elf = ELFFile(file)
        found = {section.name: int(section["sh_size"]) for section in elf.iter_sections()}
    code = found.get(".text", 0) + found.get(".rodata", 0)
    return [
        *compared(family, "text and constants", "size", code, "bytes", SEL4_BYTES),
        *compared(family, "trap table", "size", found.get(".metal_trap", 0), "bytes", None),
    ]
