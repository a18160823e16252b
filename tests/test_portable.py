"""Portable code is one code: outside their rooms nothing names a processor family."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from tests.tree import ROOT

# Names of families and of parts that only one family has. Whole words; "arm" and "alpha" are English too, so they count
# only where code, not prose, would say them.
FAMILIES = re.compile(
    r"\b(aarch64|arm64|armv8\w*|x86|x86_64|amd64|riscv\w*|loongarch\w*|mips\w*|sw64|gicv?[234]?|pl011|ns16550|plic|opensbi|svc|eret|cpsr|spsr"
    r"|x87|mmx|ioapic|lapic|apic|rdtsc|syscall|sysret|swapgs|cr[0348]|pvh|xen|isa|hpet|ttbr\w*|sctlr\w*|esr_el1|far_el1|ecall|satp"
    r"|callsys|call_pal|palcode|osf1|hwrpb|kseg|swpctx|hmcode|sys_call|syscall_instruction|extioi|pch_pic|ls7a|iocsr|ertn)\b",
    re.IGNORECASE,
)

# Where families live, and the tests, benches and papers about them.
ROOMS = ("kernel/arch", "kernel/chips", "loader/arch", "metal/targets", "boards", "tests", "benches", "docs")
PORTABLE = ("metal", "abi", "kernel", "loader", "system", "apps", "images", "host", "layers.toml")

# One driver a device: a driver is named for its device, and the host's tools and default board have a family.
EXCEPTIONS = {
    "system/drivers": {"pl011", "ns16550"},
    "host/motet/tools.py": {"aarch64"},
}


def portable_files() -> Iterator[Path]:
    for name in PORTABLE:
        start = ROOT / name
        files = [start] if start.is_file() else sorted(start.rglob("*"))
        for path in files:
            relative = path.relative_to(ROOT)
            if path.suffix in (".py", ".toml", ".h", ".c") and not any(relative.is_relative_to(room) for room in ROOMS):
                yield path


def allowed_in(path: Path) -> set[str]:
    relative = path.relative_to(ROOT)
    return {word for room, words in EXCEPTIONS.items() if relative.is_relative_to(room) for word in words}


def test_portable_code_names_no_processor_family() -> None:
    wrong: list[str] = []
    for path in portable_files():
        allowed = allowed_in(path)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            for found in FAMILIES.finditer(line):
                if found.group(0).lower() not in allowed:
                    wrong.append(f"{path.relative_to(ROOT)}:{number} names {found.group(0)}")
    assert not wrong, "\n".join(wrong)


def test_the_rule_would_find_a_family() -> None:
    assert FAMILIES.search("if target == 'aarch64':")
    assert not FAMILIES.search("an alpha version of the arm of a chair")
