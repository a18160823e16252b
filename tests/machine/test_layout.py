"""The assembly of a port and the layout of its structs say the same."""

from __future__ import annotations

import re
from pathlib import Path

from kernel.arch.aarch64.frame import CpuRecord, Frame
from kernel.arch.riscv64 import frame as riscv64
from metal.types.records import layout_of

VECTORS = Path(__file__).resolve().parents[2] / "kernel" / "arch" / "aarch64" / "vectors.py"


def constants() -> dict[str, int]:
    """What the assembly defines with .equ."""
    return {name: int(value, 0) for name, value in re.findall(r"\.equ\s+(\w+), (\w+)", VECTORS.read_text())}


def test_the_vectors_know_the_frame() -> None:
    offsets = layout_of(Frame).offsets
    found = constants()
    assert offsets["words"] == 0
    for name, field in (("HANDLE", "handle"), ("KEPT", "kept"), ("STACK", "stack"), ("STATE", "state"),
                        ("FULL", "full"), ("SCRATCH", "scratch")):  # fmt: skip
        assert found[f"FRAME_{name}"] == offsets[field]
    assert offsets["number"] == offsets["handle"] + 8
    assert offsets["pc"] == offsets["stack"] + 8
    # Pairs of registers are reached with a signed offset of seven bits, in words.
    assert offsets["scratch"] + 64 <= 504


def test_the_vectors_know_the_record() -> None:
    offsets = layout_of(CpuRecord).offsets
    assert offsets["frame"] == 0
    assert constants()["RECORD_SCRATCH"] == offsets["scratch"]
    assert layout_of(CpuRecord).alignment % 16 == 0, "the stack pointer is aligned to 16"


def test_vector_registers_fit_their_place() -> None:
    layout = layout_of(Frame)
    assert layout.offsets["vectors"] % 16 == 0
    assert layout.size - layout.offsets["vectors"] >= 32 * 16 + 16


def test_the_other_port_s_vectors_know_their_frame_and_record() -> None:
    offsets = layout_of(riscv64.Frame).offsets
    text = (VECTORS.parents[1] / "riscv64" / "vectors.py").read_text()
    found = {name: int(value, 0) for name, value in re.findall(r"\.equ\s+(\w+), (\w+)", text)}
    assert offsets["words"] == 0
    for name in ("handle", "kept", "thread_pointer", "stack", "pc", "full", "scratch"):
        assert found[f"FRAME_{name.upper()}"] == offsets[name]
    assert offsets["number"] == offsets["handle"] + 8
    assert layout_of(riscv64.Frame).size - offsets["vectors"] >= 33 * 8
    assert found["RECORD_SCRATCH"] == layout_of(riscv64.CpuRecord).offsets["scratch"]
    assert layout_of(riscv64.CpuRecord).alignment % 16 == 0
