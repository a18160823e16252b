"""Writes docs/kernel.md from the table of calls: `python -m abi.reference > docs/kernel.md`."""

from __future__ import annotations

from abi import boot, kernel, rights
from abi.calls import CALLS, COMMON, CallRow
from abi.kernel import Call, Error, Fault, Kind

HEAD = f"""# The kernel's calls

Made from `abi/calls.py` by `python -m abi.reference > docs/kernel.md`; a test keeps it current.

A call has an **operation**, a **handle**, a **number** and eight **words**. The kernel answers in the same places: the
status where the handle was, a number, and the words. A status with the highest bit set names an error in its low bits;
with bit 62 set the words begin with the bits of the thread's notification; otherwise it is the badge of the handle
through which a message came, or 0.

Calls marked *long* have a second form (operation + {kernel.LONG}): the message goes on in the message page
of the thread, with up to {kernel.LONG_WORDS} more words and {kernel.MESSAGE_HANDLES} handles. Times are ticks
of the device's clock; a deadline is a moment, not a duration.

Before anything else each call can answer:

| error | because |
|---|---|
"""


def rights_of(row: CallRow) -> str:
    """The names of the rights a call asks for."""
    if row.kind is None or not row.rights:
        return "any"
    prefix = row.kind.name + "_"
    names = [name for name, value in vars(rights).items() if name.startswith(prefix) and value & row.rights]
    return ", ".join(names)


def call_page(row: CallRow) -> str:
    """One call."""
    handle = f"{row.kind.name}, right {rights_of(row)}" if row.kind is not None else "see below, or none"
    lines = [f"### {row.call.name} ({int(row.call)}){' · long' if row.long else ''}", "", row.does, ""]
    lines.append(f"* handle: {handle}")
    if row.number:
        lines.append(f"* number: {row.number}")
    if row.takes:
        lines.append("* takes: " + "; ".join(row.takes))
    if row.gives:
        lines.append("* gives: " + "; ".join(row.gives))
    if row.refuses:
        lines += ["", "| error | because |", "|---|---|"]
        lines += [f"| {error.name} | {why} |" for error, why in row.refuses.items()]
    return "\n".join(lines) + "\n"


def page() -> str:
    """The whole page."""
    parts = [HEAD + "\n".join(f"| {error.name} | {why} |" for error, why in COMMON.items()) + "\n"]
    parts.append("## Calls\n")
    parts += [call_page(row) for row in sorted(CALLS, key=lambda row: row.call)]
    parts.append("## Numbers\n")
    parts.append("| error | number |\n|---|---|\n" + "\n".join(f"| {e.name} | {int(e)} |" for e in Error) + "\n")
    parts.append("| kind | number |\n|---|---|\n" + "\n".join(f"| {k.name} | {int(k)} |" for k in Kind) + "\n")
    parts.append("| fault | number |\n|---|---|\n" + "\n".join(f"| {f.name} | {int(f)} |" for f in Fault) + "\n")
    constants = {
        name: value for name, value in vars(rights).items() if name.isupper() and isinstance(value, int)
    }  # fmt: skip
    parts.append("| right | bit |\n|---|---|\n" + "\n".join(f"| {n} | {v} |" for n, v in constants.items()) + "\n")
    handles = ("OWN_TABLE", "OWN_SPACE", "OWN_THREAD", "OWN_CONTEXT", "MACHINE", "BUNDLE", "DEVICE_TREE", "INFORMATION",
               "MEMORY")  # fmt: skip
    parts.append("## What root finds in its table\n")
    parts.append("| handle | index |\n|---|---|\n" + "\n".join(f"| {n} | {getattr(boot, n)} |" for n in handles) + "\n")
    assert {row.call for row in CALLS} == set(Call)
    return "\n".join(parts)


if __name__ == "__main__":
    print(page(), end="")
