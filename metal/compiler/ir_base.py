"""What all nodes of the typed form are made of: their bases, and the declarations that a program consists of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from metal.compiler.source import SourceFile, Span
from metal.compiler.types import EnumType, StructType, Type, TypeTable

TRAPS = 1
"""Flag: evaluating this value may stop with a trap."""
EFFECTS = 2
"""Flag: evaluating this value may change memory (a call, an atomic operation, a device access)."""
READS = 4
"""Flag: the value depends on memory that an effect may change."""


@dataclass(slots=True, eq=False)
class Node:
    """Base of all nodes."""

    span: Span


@dataclass(slots=True, eq=False)
class Place(Node):
    """Base of all places; `type` is what is stored there."""

    type: Type
    flags: int = field(default=READS, kw_only=True)


@dataclass(slots=True, eq=False)
class Value(Node):
    """Base of all values."""

    type: Type
    flags: int = field(default=0, kw_only=True)


@dataclass(slots=True, eq=False)
class Statement(Node):
    """Base of all statements."""


Block: TypeAlias = list[Statement]


@dataclass(slots=True, eq=False)
class Local(Node):
    """A parameter or variable of one function; names are unique within it.

    A local whose type is a struct, array or atomic is *storage* on the stack; `x = T(...)` makes one called
    `x_storage` and a pointer local `x`.
    """

    name: str
    type: Type
    is_parameter: bool = False
    is_temporary: bool = False
    uninitialized: bool = False
    """For storage: `array(n, init=False)`, so the declaration needs no zeroing (others are stored to before use)."""


@dataclass(slots=True, eq=False)
class Global(Node):
    """A module's variable or constant data, with an initial value made of constants only."""

    name: str
    """The symbol, such as `kernel_scheduler__queue`."""
    type: Type
    value: Value | None
    """None: zero-initialized."""
    read_only: bool = False
    section: str | None = None
    align: int = 0
    exported: str | None = None


@dataclass(slots=True, eq=False)
class Function(Node):
    """A function or method, one per monomorphized instance."""

    name: str
    """The symbol, such as `apps_lamp__DeskLamp__switch`."""
    shown: str
    """The name for people and debuggers, such as `DeskLamp.switch`."""
    parameters: list[Local]
    result: Type
    locals: list[Local] = field(default_factory=list[Local])
    body: Block = field(default_factory=list[Statement])
    exported: str | None = None
    """The bare C name, when it has `@export` or is foreign."""
    foreign: bool = False
    """Declared only: C code of another library defines it."""
    naked: bool = False
    """The body is `asm` intrinsics only; no prologue, no trap checks."""
    section: str | None = None
    align: int = 0
    noinline: bool = False
    inline: bool = False
    interrupt: bool = False
    never_returns: bool = False
    rare: bool = False
    """Compiled for size; a branch that leads to a call of it is taken to be the unlikely one."""

    @property
    def file(self) -> SourceFile:
        """Where it was written."""
        return self.span.file


@dataclass(slots=True, eq=False)
class Program:
    """Everything one executable needs: one C file."""

    files: list[SourceFile]
    types: TypeTable
    structs: list[StructType]
    """A struct that another holds inline comes before it."""
    enums: list[EnumType]
    globals: list[Global]
    functions: list[Function]
    entry: Function | None
    """`main` of the entry module, when it has one."""
    calls: dict[Function, list[Function]] = field(default_factory=dict["Function", "list[Function]"])
    """Direct calls, for the worst-case stack."""
