"""Draws a fault report: what happened, on which line of which file, and how the program got there."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path
from typing import Final

from abi import console
from abi.kernel import Fault
from abi.start import STACK_SLOT_BYTES, STACKS_ADDRESS, THREADS
from motet.symbols import Position, Symbols, find_source, function_around, source_text, symbols_of

SENTENCES: Final = {
    Fault.NONE: "it stopped",
    Fault.READ: "it read memory that is not its own",
    Fault.WRITE: "it wrote memory that it may not write",
    Fault.EXECUTE: "it ran into memory that holds no code",
    Fault.ALIGNMENT: "it used an address that is not a multiple of the size",
    Fault.INSTRUCTION: "it used an instruction that programs may not use",
    Fault.TRAP: "a check failed",
    Fault.OTHER: "the processor refused to go on",
    Fault.EXHAUSTED: "its processor time was used up",
    Fault.CONTEXT_LOST: "the processor time it ran on was taken away",
}

GENERATED: Final = "made_"
START_FILE: Final = "system/runtime/start.py"
CALLED_FROM: Final = "  called from"
WITH_ADDRESS: Final = (Fault.READ, Fault.WRITE, Fault.ALIGNMENT)


def draw_fault(report: console.FaultReport, programs: list[tuple[str, Path]], folders: tuple[Path, ...] = ()) -> str:
    """The report as text; `programs` are names and ELF files in the bundle's order."""
    name, symbols = f"program {report.program}", None
    if report.program < len(programs):
        name, file = programs[int(report.program)]
        symbols = symbols_of(file)
    counter = int(report.counter)
    lines = [f'motet: "{name}" stopped: {cause_of(report, symbols)}']
    lines += place_lines("  at", counter, symbols, False, folders)
    lines += shorten(
        [place_lines(CALLED_FROM, address, symbols, True, folders) for address in callers(report, symbols)]
    )
    if report.restarts:
        lines.append(f"  it had been started again {report.restarts} times before")
    return "\n".join(lines)


def callers(report: console.FaultReport, symbols: Symbols | None) -> list[int]:
    """The return addresses. The link register counts only for a function that had not made its frame yet.

    Otherwise it holds what the first frame holds, or where the function's own last call came back to.
    """
    count = min(int(report.addresses), console.BACKTRACE_ADDRESSES)
    link, *frames = [int(address) for address in report.backtrace[:count]] or [0]
    here = symbols.function_at(int(report.counter)) if symbols is not None else None
    there = symbols.function_at(link - 1) if symbols is not None else None
    stale = link in frames[:1] or there is None or there == here
    return frames if stale else [link, *frames]


def cause_of(report: console.FaultReport, symbols: Symbols | None) -> str:
    """What happened, in words; a failed check says which."""
    check = symbols.check_at(int(report.counter)) if symbols is not None else None
    if check is not None:
        return check
    try:
        fault = Fault(int(report.kind))
    except ValueError:
        return f"fault {report.kind}"
    if fault in WITH_ADDRESS and on_stacks(int(report.address), int(report.stack)):
        return f"its stack is used up ({int(report.address):#x})"
    sentence = SENTENCES[fault]
    return f"{sentence} ({int(report.address):#x})" if fault in WITH_ADDRESS else sentence


def on_stacks(address: int, stack: int) -> bool:
    """Whether an address is the guard below the stack in use: in the same slot, near where the stack had grown to."""
    end = STACKS_ADDRESS + THREADS * STACK_SLOT_BYTES
    same = (address - STACKS_ADDRESS) // STACK_SLOT_BYTES == (stack - STACKS_ADDRESS) // STACK_SLOT_BYTES
    return STACKS_ADDRESS <= address < end and same


def shorten(lines: list[list[str]]) -> list[str]:
    """The same place many times over, as in a recursion, is told once with how often it came."""
    result: list[str] = []
    for place, group in itertools.groupby(lines):
        count = len(list(group))
        result += place
        if count > 1:
            result.append(f"          ... {count - 1} more time{'s' if count > 2 else ''}")
    return result


def place_lines(
    label: str, address: int, symbols: Symbols | None, after_call: bool, folders: tuple[Path, ...]
) -> list[str]:
    """The lines for one address: each place in the source that it stands for, and the text there."""
    positions = symbols.positions(address, after_call) if symbols is not None else []
    if not positions:
        return [f"{label} {address:#x}"]
    lines: list[str] = []
    for position in positions:
        if lines and is_start(position):
            break
        lines += draw_position(CALLED_FROM if lines else label, position, folders)
    return [] if after_call and is_start(positions[0]) else lines


def is_start(position: Position) -> bool:
    """Whether a place belongs to the start of every program, which is nobody's code."""
    return not position.file or position.file == START_FILE or position.file.startswith(GENERATED)


def draw_position(label: str, position: Position, folders: tuple[Path, ...]) -> list[str]:
    """One place, and the source there when it can be found."""
    source = find_source(position.file, folders)
    if source is None:
        return [f"{label} {position}"]
    text = source_text(source, position.line)
    named = replace(position, function=function_around(source, position.line) or position.function)
    return [f"{label} {named}", *([f"{position.line:>7} | {text}"] if text is not None else [])]
