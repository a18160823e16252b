"""The tools of this machine that Motet stands on: what each is for, whether it is there, and the cure."""

from __future__ import annotations

import importlib.metadata
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from metal.targets import target_named, target_names
from motet.plan.board import all_boards


@dataclass(frozen=True)
class Tool:
    """One program of this machine; `needed` says by which commands."""

    program: str
    package: str
    purpose: str
    needed: str = "run, build"
    version: tuple[str, ...] = ("--version",)


@dataclass(frozen=True)
class Check:
    """What was found."""

    name: str
    purpose: str
    needed: str
    found: str  # its version, or where it is; empty when missing
    cure: str = ""

    @property
    def good(self) -> bool:
        """Whether there is nothing to do."""
        return not self.cure


# What no board and no target asks for itself.
COMMON: Final = (
    Tool("gdb-multiarch", "gdb-multiarch", "stops on lines of Python on the device", "debug, test"),
    Tool("gdb", "gdb", "stops on lines of Python on this machine", "test"),
    Tool("valgrind", "valgrind", "counts instructions on this machine", "bench"),
    Tool("qemu-aarch64", "qemu-user", "runs programs for ARM on this machine", "test, bench"),
    Tool("mcopy", "mtools", "writes the file system of a disk", "image -o, test"),
    Tool("sgdisk", "gdisk", "writes the partition table of a disk", "image -o, test"),
    Tool("llvm-objdump-19", "llvm-19", "shows machine code", "test, bench"),
)


def all_tools() -> list[Tool]:
    """The common tools, the compilers of every target and the emulators of every board, each once."""
    found = {tool.program: tool for tool in COMMON}
    for name in target_names():
        target = target_named(name)
        found[target.compiler] = Tool(target.compiler, target.compiler_package, "compiles the C that metalc writes")
        if not target.shared:
            found[target.linker] = Tool(target.linker, target.linker_package, "links programs and the kernel")
        if target.second_compiler:
            purpose = f"the second C compiler for {name}"
            found[target.second_compiler] = Tool(
                target.second_compiler, target.second_compiler_package, purpose, "test"
            )
    # Emulators that no package holds are missed only by who wants to run such a machine.
    for board in all_boards():
        emulator = board.emulator
        if not emulator.package:
            continue
        purpose = f"the emulated {board.target} device"
        found.setdefault(emulator.program, Tool(emulator.program, emulator.package, purpose))
    return list(found.values())


PACKAGES: Final = {
    "click": "the command line",
    "rich": "progress and reports",
    "pyelftools": "symbols and lines of programs",
    "pytest": "tests",
    "pytest-xdist": "tests on every processor",
    "hypothesis": "tests that look for the counterexample",
    "basedpyright": "types",
    "mypy": "types, a second opinion",
    "ruff": "style",
    "cryptography": "keys of certificates",
    "securesystemslib": "signed envelopes of certificates",
    "in-toto-attestation": "what such an envelope states",
    "spdx-tools": "bills of materials",
    "cyclonedx-python-lib": "bills of materials",
    "jinja2": "the page of a certificate",
}

SANITIZERS: Final = Path("/usr/lib/llvm-19/lib/clang")


def check_all() -> list[Check]:
    """Every check, in the order in which a person would meet the lack."""
    return [check_python(), *map(check_tool, all_tools()), check_sanitizers(), *map(check_package, PACKAGES)]


def check_python() -> Check:
    """CPython 3.11 or newer."""
    version = ".".join(map(str, sys.version_info[:3]))
    cure = "" if sys.version_info >= (3, 11) else "apt install python3 python3-venv"
    return Check("python3", "runs the command and metalc", "all", version, cure)


def check_tool(tool: Tool) -> Check:
    """One program: found by name, and it starts."""
    path = shutil.which(tool.program)
    if path is None:
        return Check(tool.program, tool.purpose, tool.needed, "", f"apt install {tool.package}")
    try:
        done = subprocess.run([path, *tool.version], capture_output=True, text=True, timeout=20, check=True)
    except (OSError, subprocess.SubprocessError):
        return Check(
            tool.program, tool.purpose, tool.needed, path, f"it does not start: apt install --reinstall {tool.package}"
        )
    lines = (done.stdout or done.stderr).strip().splitlines()
    return Check(tool.program, tool.purpose, tool.needed, first_version(lines) or path)


def first_version(lines: list[str]) -> str:
    """The first word that looks like a version."""
    for word in " ".join(lines[:4]).replace("(", " ").replace(")", " ").split():
        bare = word.lstrip("v").rstrip(",")
        if bare[:1].isdigit() and "." in bare:
            return bare
    return ""


def check_sanitizers() -> Check:
    """The libraries that clang's sanitizers link."""
    purpose, package = "memory and arithmetic checks in tests", "libclang-rt-19-dev"
    there = any(SANITIZERS.rglob("libclang_rt.asan*.a"))
    return Check(package, purpose, "test", "present" if there else "", "" if there else f"apt install {package}")


def check_package(name: str) -> Check:
    """One Python package of the locks."""
    try:
        return Check(name, PACKAGES[name], "all", importlib.metadata.version(name))
    except importlib.metadata.PackageNotFoundError:
        return Check(name, PACKAGES[name], "all", "", "remove .motet/ready-base and run ./motet doctor again")
