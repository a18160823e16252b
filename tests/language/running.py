"""Runs pages: through the interpreter of the intermediate form, and as native code of each C compiler.

All accepted pages become one program, whose functions a small C driver calls one after the other, so that a whole
configuration costs one run of a C compiler. A driver that dies is started again behind the function that killed it.
"""

from __future__ import annotations

import hashlib
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from metal.compiler.build import RUNTIME, c_flags
from metal.compiler.diagnostics import Diagnostics
from metal.compiler.emit.program import emit_program
from metal.compiler.interpret import Interpreter, Trapped
from metal.compiler.ir import Program
from metal.compiler.options import Options
from metal.compiler.pipeline import compile_program
from metal.targets import target_named
from metal.types.traps import TrapKind
from tests.language.reading import HERE, ROOT, Page, accepted_pages

WORK = ROOT / ".motet" / "cache" / "language"
ROOTS = [HERE, ROOT]
HOST = target_named("host")


@dataclass(frozen=True)
class Outcome:
    """How one function ended: a trap with its file and line, words when it died, or nothing; and what it printed."""

    kind: str = ""
    file: str = ""
    line: int = 0
    died: str = ""
    output: str = ""

    def __str__(self) -> str:
        if self.died:
            return f"died: {self.died}"
        return f"{self.kind} at {self.file}:{self.line}" if self.kind else f"returned, printing {self.output!r}"


@dataclass(frozen=True)
class Configuration:
    """One way to make native code."""

    compiler: str
    optimize: str
    sanitize: bool = False

    def __str__(self) -> str:
        return f"{self.compiler}-O{self.optimize}{'-sanitized' if self.sanitize else ''}"


QUICK = Configuration("clang-19", "0")
MATRIX = tuple(
    Configuration(compiler, optimize, sanitize)
    for sanitize in (False, True)
    for compiler in ("clang-19", "gcc")
    for optimize in ("0", "2")
)


def page_options(page: Page, skip: frozenset[str] = frozenset()) -> Options:
    """What a page asks of the compiler."""
    return Options(kernel="kernel" in page.marks, trap="host", all_functions=True, skip_checks=skip)


@cache
def compiled(page: Page) -> Program | Diagnostics:
    """The page as the front end leaves it."""
    return compile_program(page.path, roots=ROOTS, target=HOST, options=page_options(page))


def interpret(page: Page, function: str) -> Outcome:
    """Run one function of a page through the interpreter, with fresh globals."""
    program = compiled(page)
    assert not isinstance(program, Diagnostics), program.draw()
    interpreter = Interpreter(program)
    try:
        interpreter.call(function)
    except Trapped as trap:
        return Outcome(trap.kind.name.lower(), trap.file, trap.line, output=interpreter.take_output(0))
    return Outcome(output=interpreter.take_output(0))


def runnable(page: Page) -> bool:
    """Whether the interpreter can run it: it knows no machine addresses and no other language."""
    return "machine" not in page.marks


@dataclass(frozen=True)
class Batch:
    """Many pages as one C program."""

    text: str
    files: tuple[str, ...]
    functions: tuple[tuple[str, str], ...]
    """Page name and function, in the order of the driver's numbers."""


@cache
def batch() -> Batch:
    """All pages that the front end accepts, as one program."""
    pages = [page for page in accepted_pages() if isinstance(compiled(page), Program) and "kernel" not in page.marks]
    functions: list[tuple[str, str]] = []
    imports: list[str] = []
    bodies: list[str] = []
    for number, page in enumerate(pages):
        imports.append(f"import {page.module} as page_{number}")
        for function in (*page.tests, *page.trapping):
            bodies.append(f"@export\ndef run_{len(functions)}() -> None:\n    page_{number}.{function}()\n")
            functions.append((page.name, function))
    text = (
        '"""All pages of the language tests."""\n\nfrom metal import export\n'
        + "\n".join(imports)
        + "\n\n\n"
        + "\n\n".join(bodies)
    )
    WORK.mkdir(parents=True, exist_ok=True)
    entry = WORK / f"all_pages_{hashlib.sha256(text.encode()).hexdigest()[:12]}.py"
    entry.write_text(text)
    options = Options(trap="host", all_functions=True)
    program = compile_program(entry, roots=[*ROOTS, WORK], target=HOST, options=options)
    assert not isinstance(program, Diagnostics), program.draw()
    source = emit_program(program, HOST)
    return Batch(source, tuple(file.shown for file in program.files), tuple(functions))


def driver(count: int) -> str:
    """The C program that calls `run_0`, `run_1`, ... from a number on, and prints how each ended."""
    declared = "\n".join(
        f"extern void run_{n}(void); static void call_{n}(void *frame) {{ (void)frame; run_{n}(); }}"
        for n in range(count)
    )
    table = ", ".join(f"call_{n}" for n in range(count))
    return f"""
#include <stdio.h>
#include <stdlib.h>
typedef struct {{ unsigned char *p; unsigned long n; }} text;
extern unsigned metal_trap_report[3];
extern unsigned metal_enter(void (*shim)(void *), void *frame);
extern text metal_take_output(unsigned char stream);
{declared}
static void (*const calls[])(void *) = {{ {table} }};
int main(int count, char **arguments) {{
    for (unsigned n = count > 1 ? atoi(arguments[1]) : 0; n < {count}; n++) {{
        printf("%u ", n);
        fflush(stdout);
        const unsigned none[3] = {{ 0, 0, 0 }}, *trap = metal_enter(calls[n], NULL) ? metal_trap_report : none;
        printf("%u %u %u ", trap[0], trap[1], trap[2]);
        text printed = metal_take_output(0);
        for (unsigned long i = 0; i < printed.n; i++) printf("%02x", printed.p[i]);
        printf(".\\n");
        for (unsigned char stream = 1; stream < 3; stream++) metal_take_output(stream);
    }}
    fflush(stdout);
    return 0;
}}
"""


@cache
def run_batch(configuration: Configuration) -> dict[tuple[str, str], Outcome]:
    """Compile all pages in one way and run every function of them."""
    pages = batch()
    outcomes = run_text(pages.text, len(pages.functions), pages.files, configuration)
    return dict(zip(pages.functions, outcomes, strict=True))


def run_text(text: str, count: int, files: tuple[str, ...], configuration: Configuration) -> list[Outcome]:
    """Compile C that has the functions `run_0` to `run_<count - 1>`, and run each."""
    return outcomes_of(build(text, driver(count), configuration), files, count)


def outcomes_of(program: Path, files: tuple[str, ...], count: int) -> list[Outcome]:
    """How each function ends that an executable's driver calls."""
    outcomes: list[Outcome] = []
    while len(outcomes) < count:
        done = subprocess.run(
            [str(program), str(len(outcomes))],
            capture_output=True,
            text=True,
            timeout=120,
            env={
                "ASAN_OPTIONS": "detect_leaks=0:detect_stack_use_after_return=1",
                "UBSAN_OPTIONS": "print_stacktrace=1",
            },
        )
        for line in done.stdout.splitlines():
            fields = line.split()
            if len(fields) != 5:
                outcomes.append(Outcome(died=f"status {done.returncode}\n{done.stderr[-3000:]}"))
                break
            kind, file, at = map(int, fields[1:4])
            output = bytes.fromhex(fields[4][:-1]).decode()
            trap = (TrapKind(kind).name.lower(), files[file], at) if kind else ("", "", 0)
            outcomes.append(Outcome(*trap, output=output))
        if done.returncode == 0 and len(outcomes) < count:
            raise AssertionError(f"the driver stopped early: {done.stdout[-200:]}")
    return outcomes


def build(text: str, main: str, configuration: Configuration) -> Path:
    """The executable of a generated program and a driver; kept, so that the same text is compiled once."""
    flags = c_flags(HOST, optimize=configuration.optimize)
    if configuration.sanitize:
        flags += ["-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-fno-omit-frame-pointer"]
    command = [configuration.compiler, *flags]
    runtime = [(RUNTIME / name).read_text() for name in sorted(path.name for path in RUNTIME.iterdir())]
    key = hashlib.sha256("\0".join([text, main, *command, *runtime]).encode()).hexdigest()[:24]
    folder = WORK / key
    program = folder / "program"
    if program.exists():
        return program
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "program.c").write_text(text)
    (folder / "driver.c").write_text(main)
    sanitize = [flag for flag in flags if flag.startswith("-fsanitize")]
    steps = [
        [*command, "-c", "program.c", "-o", "program.o"],
        [
            configuration.compiler,
            "-O0",
            *sanitize,
            "driver.c",
            "program.o",
            str(RUNTIME / "host.c"),
            "-o",
            "program.new",
        ],
    ]
    for step in steps:
        done = subprocess.run(step, capture_output=True, text=True, timeout=600, cwd=folder)
        assert done.returncode == 0, f"{' '.join(step)}\n{done.stderr[-6000:]}"
    (folder / "program.new").rename(program)
    return program
