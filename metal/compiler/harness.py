"""Compiled programs under test: call their functions from Python, with traps arriving as exceptions.

    rules = load("tests/kernel/rules.py")          # compiled for this machine, loaded, ready to call
    assert rules.alloc(3) == rules.Err.NOMEM
    with pytest.raises(Trap) as caught: rules.alloc(1 << 40)

A struct is spoken of by a `Reference` with the fields as attributes, an array by one that can be indexed; integers are
range-checked on the way in. Every `load` gets a fresh copy of the program, because its state after a trap is undefined.
"""

from __future__ import annotations

import _ctypes
import ctypes
import os
import shutil
import tempfile
import weakref
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from enum import IntEnum
from pathlib import Path
from typing import Any

from metal.compiler.build import Built, Request, build_program
from metal.compiler.options import Options
from metal.compiler.tools import run_tool
from metal.compiler.traps import describe
from metal.compiler.values import Layouts, Reference
from metal.targets import target_named
from metal.types.traps import TrapKind

REPOSITORY = Path(__file__).resolve().parents[2]
_KERNEL = ctypes.CFUNCTYPE(
    None, ctypes.c_uint64, ctypes.c_uint64, ctypes.c_uint64, ctypes.POINTER(ctypes.c_uint64),
    ctypes.POINTER(ctypes.c_uint64),
)  # fmt: skip

KernelAnswer = Callable[[int, int, int, list[int]], tuple[int, int]]
"""(operation, handle, reply, words changed in place) -> (status or badge, reply number)."""


class Trap(Exception):
    """A check of the program failed."""

    def __init__(self, kind: TrapKind, file: str, line: int) -> None:
        super().__init__(f"{file}:{line}: {describe(kind)}")
        self.kind = kind
        self.file = file
        self.line = line


class _Text(ctypes.Structure):
    _fields_ = (("p", ctypes.c_void_p), ("n", ctypes.c_uint64))


class Function:
    """One function of a loaded program."""

    def __init__(self, program: Program, described: Mapping[str, Any]) -> None:
        self.program = program
        self.name: str = described["name"]
        self.symbol: str = described["symbol"]
        self.parameters: list[tuple[str, Any]] = [(name, of) for name, of in described["parameters"]]
        self.result: Any = described["result"]
        members = [of for _, of in self.parameters]
        if self.result["kind"] != "none":
            members.append(self.result)
        self.offsets, self.size = program.layouts.place(members)
        self.shim: Any = None

    def __call__(self, *arguments: object) -> Any:
        if len(arguments) != len(self.parameters):
            raise TypeError(f"{self.name} takes {len(self.parameters)} arguments, not {len(arguments)}")
        if self.shim is None:
            self.shim = self.program.library[f"metal_shim__{self.symbol}"]
        frame = ctypes.create_string_buffer(max(self.size, 1))
        base = ctypes.addressof(frame)
        # What the frame points at must outlive the call; copies of lists go back into the lists after it.
        held: list[Any] = []
        layouts = self.program.layouts
        for argument, offset, (_, of) in zip(arguments, self.offsets, self.parameters, strict=False):
            layouts.write(of, base + offset, argument, held)
        self.program.enter(self.shim, frame)
        for item in held:
            if callable(item):
                item()
        return layouts.read(self.result, base + self.offsets[-1]) if self.result["kind"] != "none" else None

    def __repr__(self) -> str:
        return f"<compiled {self.name}>"


def _unload(handle: int, copy: str, owner: int) -> None:
    # A forked child has the library too, but not the file; an exception here would strike in the middle of anything.
    if os.getpid() == owner:
        _ctypes.dlclose(handle)
        Path(copy).unlink(missing_ok=True)


class Program:
    """A program loaded into this process; functions of the entry module are attributes, all others items."""

    def __init__(self, built: Built) -> None:
        self.built = built
        self.interface: dict[str, Any] = built.interface()
        # The loader gives one path one copy, so every load has a path of its own; debuggers read it while it is loaded.
        handle, copy = tempfile.mkstemp(suffix=".so")
        os.close(handle)
        shutil.copyfile(built.program, copy)
        self.library = ctypes.CDLL(copy)
        weakref.finalize(self, _unload, self.library._handle, copy, os.getpid())  # pyright: ignore[reportPrivateUsage]
        self.layouts = Layouts(self.interface)
        self._report = (ctypes.c_uint32 * 3).in_dll(self.library, "metal_trap_report")
        self._take = self.library.metal_take_output
        self._take.restype = _Text
        self._take.argtypes = [ctypes.c_uint8]
        self._kernel: Any = None
        self._failed: BaseException | None = None
        self.functions: dict[str, Function] = {}
        self._globals = {item["name"]: item for item in self.interface["globals"]}
        entry: str = self.interface["entry"]
        offered: list[dict[str, Any]] = self.interface["functions"]
        for described in offered:
            function = Function(self, described)
            self.functions[f"{described['module']}.{described['name']}"] = function
            if described["module"] == entry:
                self.functions[described["name"]] = function
        self.enums: dict[str, type[IntEnum]] = {
            of["name"]: self.layouts.enums[symbol] for symbol, of in self.interface["enums"].items()
        }

    def __getattr__(self, name: str) -> Any:
        functions = self.__dict__.get("functions", {})
        if name in functions:
            return functions[name]
        if name in self.__dict__.get("enums", {}):
            return self.enums[name]
        raise AttributeError(f"the program has no function {name}; it has {', '.join(sorted(functions))}")

    def __getitem__(self, name: str) -> Function:
        """A function by `module.function`, `module.Class.method`, or by its name in the entry module."""
        return self.functions[name]

    def new(self, struct: str, **fields: object) -> Reference:
        """Storage for a struct, all zero but for these fields, as long as the reference lives."""
        symbol = self.layouts.struct_symbol(struct)
        of = {"kind": "struct", "symbol": symbol}
        size, _ = self.layouts.size(of)
        reference = Reference(self.layouts, of, 0, ctypes.create_string_buffer(size + 64))
        for name, value in fields.items():
            setattr(reference, name, value)
        return reference

    def global_at(self, name: str) -> Any:
        """A global by `module.name`: a number, or a reference to a struct or an array."""
        described, address = self._global(name)
        return self.layouts.read(described["type"], address, in_place=True)

    def set_global(self, name: str, value: object) -> None:
        """Gives a global number a value."""
        described, address = self._global(name)
        self.layouts.write(described["type"], address, value, [])

    def _global(self, name: str) -> tuple[Mapping[str, Any], int]:
        symbol = name if name in self._globals else name.replace(".", "_", name.count(".") - 1).replace(".", "__")
        described = self._globals[symbol]
        return described, ctypes.addressof(ctypes.c_char.in_dll(self.library, described["symbol"]))

    def output(self, stream: int = 0) -> str:
        """What was printed since the last time (1: logged; 2: said by a panic)."""
        taken = self._take(stream)
        return ctypes.string_at(taken.p, taken.n).decode("utf-8", "replace") if taken.n else ""

    def answer_kernel_calls(self, answer: KernelAnswer) -> None:
        """Lets a function of the test stand in for the kernel."""

        def called(operation: int, handle: int, reply: int, words: Any, result: Any) -> None:
            values = [int(words[index]) for index in range(8)]
            try:
                result[0], result[1] = answer(operation, handle, reply, values)
            except BaseException as error:
                # ctypes would only print it; the test that made the call should see it.
                self._failed = error
            for index, value in enumerate(values):
                words[index] = value

        self._kernel = _KERNEL(called)
        ctypes.c_void_p.in_dll(self.library, "metal_host_kernel").value = ctypes.cast(
            self._kernel, ctypes.c_void_p
        ).value

    def enter(self, shim: Any, frame: Any) -> None:
        """Runs one shim; raises `Trap` when a check fails in it."""
        trapped = self.library.metal_enter(shim, frame)
        if self._failed is not None:
            failed, self._failed = self._failed, None
            raise failed
        if trapped:
            kind, file, line = self._report
            raise Trap(TrapKind(kind), self.interface["files"][file], line)


def host_request(
    source: Path | str,
    *,
    roots: Sequence[Path] = (),
    options: Options | None = None,
    optimize: str = "1",
    sanitize: tuple[str, ...] = (),
    second_compiler: bool = False,
) -> Request:
    """What to build when a test wants to call the functions of a module.

    With `sanitize` the second compiler is used, whose sanitizers can be loaded into Python; "address" needs
    `sanitizer_environment` besides.
    """
    options = replace(options or Options(), all_functions=True, trap="host")
    return Request(
        source, (*roots, REPOSITORY), target_named("host"), options,
        optimize=optimize, sanitize=sanitize, second_compiler=second_compiler or bool(sanitize),
    )  # fmt: skip


def sanitizer_environment() -> dict[str, str]:
    """What the environment of a Python process must hold before it loads programs with `sanitize=("address",)`."""
    library = run_tool(target_named("host").second_compiler, "-print-file-name=libasan.so").strip()
    return {"LD_PRELOAD": library, "ASAN_OPTIONS": "detect_leaks=0"}


def load(source: Path | str, **choices: Any) -> Program:
    """Compiles a module for this machine, unless it is compiled already, and loads a fresh copy of it.

    The source is a file or a module's name; the choices are those of `host_request`.
    """
    return Program(build_program(host_request(source, **choices)))


compile_for_host = load
