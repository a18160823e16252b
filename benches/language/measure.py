"""Executed instructions of typed Python against hand-written C: callgrind on the host, QEMU's counter on bare ARM."""

from __future__ import annotations

import json
import math
import re
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from benches.rows import Row
from metal.compiler.build import Request, c_flags, generate
from metal.compiler.tools import find_tool, run_tool
from metal.targets import target_named
from metal.targets.target import Target

HERE = Path(__file__).resolve().parent
CASES = ("sha256", "crc32", "sort", "copy", "sieve", "scheduler", "matmul_slices", "matmul_arrays")
# The cases of the geometric mean; matrix products are reported apart, because checks there stop vectorization.
MEAN = CASES[:6]


Counts = dict[str, tuple[int, int]]
"""Of each case: instructions, and the value that proves the work was done."""


def _typed_objects(target: Target, folder: Path) -> list[Path]:
    objects: list[Path] = []
    for module in ("kernels", "scheduler"):
        source = folder / f"{module}.c"
        source.write_text(generate(Request(HERE / f"{module}.py", (HERE,), target)))
        objects.append(folder / f"{module}.o")
        run_tool(target.compiler, *c_flags(target), "-c", source, "-o", objects[-1])
    return objects


def _plain_object(target: Target, name: str, folder: Path, *flags: str) -> Path:
    made = folder / f"{name}{len(flags)}.o"
    run_tool(target.compiler, *c_flags(target), *flags, "-c", HERE / f"{name}.c", "-o", made)
    return made


def host_counts(folder: Path, typed: bool) -> Counts:
    """Instructions inside each case on this machine, by callgrind."""
    # Traps as on a device: an instruction of their own with a table beside the code.
    target = replace(
        target_named("host"), trap="table", trap_instruction="ud2", flags=("-DMETAL_MEMORY_H",), shared=False
    )
    side = () if typed else ("-DREFERENCE",)
    objects = _typed_objects(target, folder) if typed else [_plain_object(target, "reference", folder, *side)]
    program = folder / f"host-{typed}"
    objects += [_plain_object(target, "workload", folder, *side)]
    run_tool(target.compiler, "-no-pie", *objects, HERE / "on_host.c", "-o", program)
    counts: Counts = {}
    for case in CASES:
        command = [
            str(find_tool("valgrind")), "--tool=callgrind", "--callgrind-out-file=/dev/null", "--collect-atstart=no",
            f"--toggle-collect=run_{case}", str(program), case,
        ]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=True)
        found = re.search(r"Collected : (\d+)", done.stderr)
        assert found is not None, done.stderr
        counts[case] = int(found[1]), int(done.stdout)
    return counts


def device_counts(folder: Path, typed: bool) -> Counts:
    """Instructions of each case on a bare emulated 64-bit ARM machine, by its cycle counter."""
    target = target_named("aarch64")
    # The machine runs without an MMU, where every access must be aligned.
    target = replace(target, flags=(*target.flags, "-mstrict-align"))
    side = () if typed else ("-DREFERENCE",)
    objects = _typed_objects(target, folder) if typed else [_plain_object(target, "reference", folder, *side)]
    objects += [_plain_object(target, name, folder, *side) for name in ("workload", "on_aarch64")]
    if not typed:
        # Both sides use the same memory functions; the typed program brings them along.
        memory = folder / "memory.c"
        memory.write_text('#define METAL_TRAP_INSTRUCTION "brk #0x4d"\n#include "memory.h"\n')
        objects.append(folder / "memory.o")
        run_tool(target.compiler, *c_flags(target), "-c", memory, "-o", objects[-1])
    script = folder / "bare.ld"
    script.write_text(
        "ENTRY(_start) SECTIONS { . = 0x40100000; .text : { *(.text._start) *(.text*) } .rodata : { *(.rodata*) }"
        " .metal_trap : { *(.metal_trap) } .data : { *(.data*) } .bss : { *(.bss*) }"
        " . = ALIGN(16) + 0x10000; __stack_top = .; }"
    )
    program = folder / f"device-{typed}.elf"
    run_tool("ld.lld-19", "-m", target.emulation, "-T", script, *objects, "-o", program)
    command = [
        str(find_tool("qemu-system-aarch64")), "-M", "virt", "-cpu", "cortex-a57", "-m", "256", "-nographic",
        "-nic", "none", "-icount", "shift=0,sleep=off", "-semihosting-config", "enable=on,target=native",
        "-kernel", str(program),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    lines = [line.split() for line in (done.stderr + done.stdout).splitlines() if len(line.split()) == 3]
    return {name: (int(count), int(value)) for name, count, value in lines}


def rows(families: dict[str, tuple[Counts, Counts]]) -> list[Row]:
    """The report: each case's instructions beside those of hand-written C, and the mean ratio."""
    report: list[Row] = []
    for family, (typed, plain) in families.items():

        def row(case: str, metric: str, value: float, unit: str, reference: float, family: str = family) -> Row:
            return {
                "bench": "language", "case": case, "family": family, "metric": metric, "value": value, "unit": unit,
                "reference": "hand-written C, clang -O2", "reference_value": reference,
            }  # fmt: skip

        for case in CASES:
            if typed[case][1] != plain[case][1]:
                raise ValueError(f"{case} on {family}: typed Python and C disagree on the result")
            report.append(row(case, "instructions", typed[case][0], "instructions", plain[case][0]))
            report.append(row(case, "ratio", round(typed[case][0] / plain[case][0], 3), "x", 1.0))
        mean = math.exp(sum(math.log(typed[case][0] / plain[case][0]) for case in MEAN) / len(MEAN))
        report.append(row("geometric mean", "ratio", round(mean, 3), "x", 1.0))
    return report


def measure() -> list[Row]:
    """Build both sides, run them on both machines and compare."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        return rows(
            {
                "host": (host_counts(folder, True), host_counts(folder, False)),
                "aarch64": (device_counts(folder, True), device_counts(folder, False)),
            }
        )


if __name__ == "__main__":
    json.dump(measure(), sys.stdout, indent=1)
