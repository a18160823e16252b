"""Shows a road of the kernel instruction by instruction, with the lines of Python behind it: where a count goes.

    python -m benches.kernel.trace "null call"           every instruction of one pass
    python -m benches.kernel.trace --functions "yield"   how many each function and each kind of instruction takes

The emulator executes one instruction at a time and logs each address; a pass is what lies between two executions of the
same instruction of a measured loop.
"""

# The library of ELF files has no types.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportAttributeAccessIssue=false, reportOptionalMemberAccess=false

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benches.kernel.machine import PROGRAM, measured_machine
from benches.kernel.rounds import WARM
from metal.compiler.build import Built
from motet.emulator import Settings, command_line
from motet.rooted import build_for, make_image

ROUNDS: Final = WARM + 16
WARM_PASSES: Final = WARM + 8
"""Passes before the one that is shown."""
LONGEST: Final = 20_000
"""Instructions after which a pass is given up: the loop ended."""
SYMBOLIZER: Final = "llvm-symbolizer-19"
LISTER: Final = "llvm-nm-19"
DISASSEMBLER: Final = "llvm-objdump-19"

ROADS: Final[dict[str, tuple[str, str]]] = {
    "null call": ("poll_rounds", "svc"),
    "round trip, 0 to 8 words": ("call_rounds", "svc"),
    "round trip, vector registers": ("vector_call_rounds", "svc"),
    "round trip, 64 words": ("long_call_rounds", "svc"),
    "yield": ("yield_rounds", "svc"),
    "signal, wake, wait again": ("signal_rounds", "svc"),
    "fault and reply": ("fault_for_ever", "ldr"),
    "map and unmap": ("map_rounds", "svc"),
    "interrupt to driver": ("ring_rounds", "str"),
}
"""Each road's measured loop: the probe, and the first instruction in it whose execution begins a pass."""


@dataclass(frozen=True)
class Step:
    """One executed instruction."""

    address: int
    text: str
    function: str
    line: str


@dataclass(frozen=True)
class Cost:
    """What a pass consists of."""

    instructions: int
    barriers: int
    system_reads: int
    system_writes: int


BARRIERS: Final = ("dmb", "dsb", "isb")


def cost_of(steps: Iterable[Step]) -> Cost:
    """Counts what an instruction counter treats like any other instruction, and a CPU does not."""
    kinds = Counter(step.text.split()[0] for step in steps if step.text)
    barriers = sum(kinds[kind] for kind in BARRIERS)
    return Cost(kinds.total(), barriers, kinds["mrs"], kinds["msr"])


class Code:
    """The machine code of the kernel and of the measured program."""

    def __init__(self, programs: Iterable[Built]) -> None:
        self.text: dict[int, str] = {}
        self.starts: list[tuple[int, str, int]] = []
        for number, program in enumerate(programs):
            self.text |= disassemble(program.program)
            self.starts += [(address, name, number) for address, name in functions(program.program)]
        self.starts.sort()
        self.files = [program.program for program in programs]

    def function(self, address: int) -> tuple[str, int]:
        """The function an address lies in, and the number of its program."""
        place = bisect_right(self.starts, (address, "\uffff", 0)) - 1
        return ("?", 0) if place < 0 else self.starts[place][1:]

    def first(self, function: str, mnemonic: str) -> int:
        """The first instruction of a kind in a function."""
        start = next(address for address, name, _ in self.starts if name == function)
        return next(a for a in sorted(self.text) if a >= start and self.text[a].split()[0] == mnemonic)

    def steps(self, addresses: list[int]) -> list[Step]:
        """What was executed, with the lines it comes from."""
        lines = self.lines(sorted(set(addresses)))
        return [Step(a, self.text.get(a, ""), self.function(a)[0], lines.get(a, "")) for a in addresses]

    def lines(self, addresses: list[int]) -> dict[int, str]:
        """The innermost source line of each address."""
        found: dict[int, str] = {}
        for number, file in enumerate(self.files):
            asked = [address for address in addresses if self.function(address)[1] == number]
            done = subprocess.run(
                [SYMBOLIZER, "--obj", str(file), "--output-style=GNU", "--functions=none", "--no-inlines"],
                input="\n".join(map(hex, asked)), capture_output=True, text=True, check=True,
            )  # fmt: skip
            answers = [line for line in done.stdout.splitlines() if line]
            found |= {a: re.sub(r"^.*?((?:kernel|system|benches|metal|abi)/)", r"\1", answer).split(" ")[0]
                      for a, answer in zip(asked, answers, strict=True)}  # fmt: skip
        return found


def disassemble(program: Path) -> dict[int, str]:
    """Every instruction of a program by its address."""
    done = subprocess.run(
        [DISASSEMBLER, "-d", "--no-show-raw-insn", str(program)], capture_output=True, text=True, check=True
    )
    found: dict[int, str] = {}
    for line in done.stdout.splitlines():
        match = re.match(r"\s*([0-9a-f]+):\s+(\S.*)", line)
        if match:
            found[int(match[1], 16)] = " ".join(match[2].split())
    return found


def functions(program: Path) -> list[tuple[int, str]]:
    """The functions and labels of a program's code."""
    done = subprocess.run([LISTER, str(program)], capture_output=True, text=True, check=True)
    rows = [line.split() for line in done.stdout.splitlines()]
    return [(int(row[0], 16), row[2]) for row in rows if len(row) == 3 and row[1] in "tT"]


def executed(command: list[str], folder: Path) -> Iterator[int]:
    """The addresses that an emulator executes, one after the other."""
    log = folder / "log"
    os.mkfifo(log)
    command = [*command, "-icount", "shift=0,sleep=off", "-singlestep", "-d", "nochain,exec", "-D", str(log)]
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as emulator:
        try:
            with log.open() as lines:
                for line in lines:
                    if line.startswith("Trace "):
                        yield int(line.split("/")[1], 16)
        finally:
            emulator.kill()


def trace(names: Iterable[str]) -> dict[str, list[Step]]:
    """A pass of each road, by name."""
    machine = measured_machine(rounds=ROUNDS)
    code = Code(build_for(machine, PROGRAM))
    begins = {code.first(*ROADS[name]): name for name in names}
    found: dict[str, list[int]] = {}
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        board, image = make_image(machine, PROGRAM, folder)
        command = command_line(board, image, Settings(machine.memory, machine.cpus))
        passes: Counter[str] = Counter()
        current, steps = "", list[int]()
        for address in executed(command, folder):
            name = begins.get(address)
            if name is not None:
                passes[name] += 1
                if current == name and passes[name] > WARM_PASSES:
                    found.setdefault(name, steps)
                    if len(found) == len(begins):
                        break
                current, steps = name, []
            if current:
                steps.append(address)
                if len(steps) > LONGEST:
                    current = ""
    return {name: code.steps(steps) for name, steps in found.items()}


def show(name: str, steps: list[Step], by_function: bool) -> Iterator[str]:
    """A road, for a person to read."""
    cost = cost_of(steps)
    yield (
        f"{name}: {cost.instructions} instructions, {cost.barriers} barriers, "
        f"{cost.system_reads} reads and {cost.system_writes} writes of system registers"
    )
    if by_function:
        for title, counted in (
            ("functions", Counter(step.function for step in steps)),
            ("instructions", Counter(step.text.split()[0] for step in steps if step.text)),
        ):
            yield f"  {title}: " + ", ".join(f"{count} {what}" for what, count in counted.most_common())
        return
    for step in steps:
        yield f"  {step.address:016x} {step.text:<44} {step.function:<28} {step.line}"


def main(arguments: list[str]) -> int:
    """The command."""
    by_function = "--functions" in arguments
    names = [argument for argument in arguments if argument != "--functions"] or list(ROADS)
    unknown = [name for name in names if name not in ROADS]
    if unknown:
        print(f"no road is called {unknown[0]}; there are: {', '.join(ROADS)}", file=sys.stderr)
        return 2
    for name, steps in trace(names).items():
        for line in show(name, steps, by_function):
            print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
