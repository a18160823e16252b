"""The typed intermediate form: a tree of places, values and statements that means exactly one thing.

Rules every node obeys (`rules.py` checks them):

* Operands are evaluated left to right. Where C leaves an order open and the order could be seen, the front end has put
  the earlier operand into a temporary, so each node may be emitted as one C expression. A call stands only where
  nothing beside it can tell the order: as a statement, as the value of a `Store` or `Return`, or beside constants.
* Nothing is implicit: each widening is a `Convert`, each check is a field of the node that needs it, and a check that
  fails stops with the `TrapKind` the node documents, at the node's span.
* `Literal...` types of the front end do not occur. A value's type is exactly what its place or parameter asks for.
* A struct, array or atomic is storage. Its value occurs only as `StructValue`, `ArrayValue`, `RepeatValue`, `Zero` or a
  `Load` directly below a `Store` (copying) or in the initial value of a global; elsewhere code handles `AddressOf` it.
* `Break` and `Continue` mean the innermost loop, also inside a `Switch`.
"""

from __future__ import annotations

from dataclasses import dataclass

from metal.compiler.ir_base import (
    EFFECTS,
    READS,
    TRAPS,
    Block,
    Function,
    Global,
    Local,
    Node,
    Place,
    Program,
    Statement,
    Value,
)
from metal.compiler.ir_values import (
    INTRINSICS,
    AddressOf,
    AddressValue,
    And,
    ArrayValue,
    AtomicOperation,
    AtomicValue,
    Binary,
    Call,
    CallIndirect,
    Compare,
    Constant,
    Convert,
    DerefPlace,
    ElementPlace,
    FieldPlace,
    FunctionReference,
    GlobalPlace,
    Intrinsic,
    Invert,
    Load,
    LocalPlace,
    Negate,
    Not,
    Null,
    OptionIsSome,
    OptionNone,
    OptionSome,
    OptionValue,
    Or,
    RawElementPlace,
    RepeatValue,
    ResultError,
    ResultErrorValue,
    ResultIs,
    ResultOk,
    ResultValue,
    Select,
    SharedElementPlace,
    SharedRead,
    SliceAs,
    SliceCut,
    SliceElementPlace,
    SliceLength,
    SliceMake,
    SliceOfArray,
    StructValue,
    TextConstant,
    TupleItem,
    TupleValue,
    Zero,
)
from metal.types.traps import TrapKind

__all__ = [
    "EFFECTS",
    "INTRINSICS",
    "READS",
    "TRAPS",
    "AddressOf",
    "AddressValue",
    "And",
    "ArrayValue",
    "AtomicOperation",
    "AtomicValue",
    "Binary",
    "Block",
    "Break",
    "Call",
    "CallIndirect",
    "Check",
    "Compare",
    "Constant",
    "Continue",
    "Convert",
    "DerefPlace",
    "ElementPlace",
    "Evaluate",
    "FieldPlace",
    "ForRange",
    "Format",
    "Function",
    "FunctionReference",
    "Global",
    "GlobalPlace",
    "If",
    "Intrinsic",
    "Invert",
    "Load",
    "Local",
    "LocalPlace",
    "Negate",
    "Node",
    "Not",
    "Null",
    "OptionIsSome",
    "OptionNone",
    "OptionSome",
    "OptionValue",
    "Or",
    "Output",
    "Place",
    "Program",
    "RawElementPlace",
    "RepeatValue",
    "ResultError",
    "ResultErrorValue",
    "ResultIs",
    "ResultOk",
    "ResultValue",
    "Return",
    "Select",
    "SharedElementPlace",
    "SharedRead",
    "SliceAs",
    "SliceCut",
    "SliceElementPlace",
    "SliceLength",
    "SliceMake",
    "SliceOfArray",
    "Statement",
    "Store",
    "StructValue",
    "Switch",
    "TextConstant",
    "TextPiece",
    "Trap",
    "TupleItem",
    "TupleValue",
    "Value",
    "ValuePiece",
    "While",
    "Zero",
]


@dataclass(slots=True, eq=False)
class Evaluate(Statement):
    """Evaluate for the effects; the value is dropped."""

    value: Value


@dataclass(slots=True, eq=False)
class Store(Statement):
    """Put a value into a place; the value is evaluated before the place's operands. Structs and arrays are copied
    as whole (source and destination are the same or do not overlap)."""

    place: Place
    value: Value


@dataclass(slots=True, eq=False)
class If(Statement):
    """`if`; either block may be empty."""

    condition: Value
    then: Block
    otherwise: Block


@dataclass(slots=True, eq=False)
class While(Statement):
    """Each round: run `before`, leave unless `condition`, run `body`. `condition` None: for ever."""

    before: Block
    condition: Value | None
    body: Block


@dataclass(slots=True, eq=False)
class ForRange(Statement):
    """`for variable in range(start, stop, step)`: bounds evaluated once, before the first round; step is a constant.

    A hidden counter drives the loop, so the body may store to `variable`; after the loop it keeps its last value.
    The counter never leaves the type, also for a stop at the type's end.
    """

    variable: Local
    start: Value
    stop: Value
    step: int
    body: Block


@dataclass(slots=True, eq=False)
class Switch(Statement):
    """Run the block beside the value; `otherwise` when none has it (exhaustive ones hold a Trap UNREACHABLE there)."""

    value: Value
    cases: list[tuple[list[int], Block]]
    otherwise: Block


@dataclass(slots=True, eq=False)
class Break(Statement):
    """Leave the innermost loop."""


@dataclass(slots=True, eq=False)
class Continue(Statement):
    """Start the next round of the innermost loop."""


@dataclass(slots=True, eq=False)
class Return(Statement):
    """Leave the function."""

    value: Value | None


@dataclass(slots=True, eq=False)
class Trap(Statement):
    """Stop here."""

    kind: TrapKind


@dataclass(slots=True, eq=False)
class Check(Statement):
    """Stop with `kind` unless the condition holds."""

    condition: Value
    kind: TrapKind


@dataclass(slots=True, eq=False)
class TextPiece:
    """Constant bytes of an output."""

    data: bytes


@dataclass(slots=True, eq=False)
class ValuePiece:
    """A value of an output: integer, bool (True/False), enum (its member's name), str, View[u8] (as text), f32/f64.

    `specification`: Python's, reduced to [[fill]align][#][0][width][type] with type in d x X b o c, or .Nf for floats.
    """

    value: Value
    specification: str


@dataclass(slots=True, eq=False)
class Output(Statement):
    """Write pieces to a stream: "print", "log" or "panic" (a newline at the end is a piece already).

    All values were evaluated before. A panic is followed by a Trap PANIC.
    """

    stream: str
    pieces: list[TextPiece | ValuePiece]


@dataclass(slots=True, eq=False)
class Format(Statement):
    """Format one value into stack bytes and keep the text in a `str` local, valid until the function returns.

    `buffer` is a storage local `Array[u8]` that is long enough.
    """

    piece: ValuePiece
    buffer: Local
    text: Local
