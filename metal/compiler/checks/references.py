"""What one function does with references, as a few kinds of facts: the input of the escape analysis.

Every expression that may hold references becomes a *variable* (a number); the facts say how references move between
variables and objects. An object is the whole storage that one local, one parameter's target or the outer world is:
fields and elements are not told apart, and neither is the order of statements.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from metal.compiler import ir
from metal.compiler.checks.walk import blocks_of
from metal.compiler.source import Span
from metal.compiler.types import (
    TEXT,
    ArrayType,
    OptionType,
    PointerType,
    RawType,
    ResultType,
    SliceType,
    StructType,
    TupleType,
    Type,
    is_storage,
)

NOWHERE = 0
"""The variable that holds no reference."""
OUTER = 1
"""The variable that holds a reference to the outer world: globals, numbers and text, addresses made from numbers."""
CONSTANTS = 2
"""The variable that holds a reference to constant structs: `table(...)` and `const(...)` of them."""
WORLD = 0
"""The object that stands for everything outside of the functions."""
CONSTANT = 1
"""The object that stands for all constant structs, which nobody may write."""


def target_of(parameter: int) -> int:
    """The object that a parameter refers to."""
    return 2 + 2 * parameter


def beyond(parameter: int) -> int:
    """The object that stands for everything a parameter's target leads to."""
    return 3 + 2 * parameter


class Carriers:
    """Which types hold references, worked out once for each."""

    def __init__(self, globals_: list[ir.Global]) -> None:
        self._known: dict[Type, bool] = {}
        self._only: dict[Type, int] = {}
        self._constant: set[Type] = set()
        """The structs that stand in constant data."""
        for variable in globals_:
            if variable.read_only:
                self._constant |= set(structs_in(variable.type))

    def is_constant(self, variable: ir.Global) -> bool:
        """Whether a global is constant data that holds structs; all other constant data has types that only read."""
        return variable.read_only and bool(structs_in(variable.type))

    def only(self, of: Type) -> int:
        """The objects that a value of this type may refer to: constant structs are of few types."""
        known = self._only.get(of)
        if known is None:
            reaches = any(target in self._constant for target in targets_of(of))
            known = self._only[of] = -1 if reaches else ~(1 << CONSTANT)
        return known

    def carries(self, of: Type) -> bool:
        """Whether a value (or storage) of this type holds an address that may be one of a stack."""
        known = self._known.get(of)
        if known is None:
            known = self._known[of] = self._work_out(of)
        return known

    def _work_out(self, of: Type) -> bool:
        if of is TEXT or isinstance(of, (PointerType, RawType, SliceType)):
            return True
        if isinstance(of, ArrayType):
            return self.carries(of.element)
        if isinstance(of, (OptionType, ResultType)):
            return self.carries(of.value)
        parts: list[Type] = []
        if isinstance(of, TupleType):
            parts = list(of.items)
        elif isinstance(of, StructType):
            parts = [part.type for part in of.fields.values()]
        return any(self.carries(part) for part in parts)


def structs_in(of: Type) -> list[StructType]:
    """The structs that storage of this type holds inline."""
    if isinstance(of, ArrayType):
        return structs_in(of.element)
    if isinstance(of, StructType):
        return [of, *(inner for part in of.fields.values() for inner in structs_in(part.type))]
    return []


def targets_of(of: Type) -> list[StructType]:
    """The structs that the references in a value of this type reach in one step."""
    if isinstance(of, PointerType):
        return structs_in(of.target)
    if isinstance(of, (RawType, SliceType)):
        return structs_in(of.element)
    if isinstance(of, ArrayType):
        return targets_of(of.element)
    if isinstance(of, (OptionType, ResultType)):
        return targets_of(of.value)
    if isinstance(of, TupleType):
        return [target for item in of.items for target in targets_of(item)]
    if isinstance(of, StructType):
        return [target for part in of.fields.values() for target in targets_of(part.type)]
    return []


@dataclass(slots=True)
class CallFact:
    """A call: the argument of each parameter, the variable of its result."""

    node: ir.Call | ir.CallIndirect
    arguments: list[int]
    result: int
    statement: ir.Statement
    only: int
    """The objects that a result of this type may refer to."""


@dataclass(slots=True)
class Facts:
    """All facts of one function."""

    function: ir.Function
    storages: list[ir.Local] = field(default_factory=list[ir.Local])
    """The locals that are objects, in the order of their numbers."""
    holds: list[int] = field(default_factory=lambda: [0, 1 << WORLD, 1 << CONSTANT])
    """For each variable the set of objects it may refer to, as bits; grows while solving."""
    copies: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    """(to, from): `to` holds what `from` holds."""
    loads: list[tuple[int, int, int]] = field(default_factory=list[tuple[int, int, int]])
    """(to, address, only): `to` holds what is stored in the objects at the address, of these objects only."""
    writes: list[tuple[int, ir.Node]] = field(default_factory=list[tuple[int, ir.Node]])
    """(address, where): something in the objects at the address is written."""
    stores: list[tuple[int, int, ir.Statement]] = field(default_factory=list[tuple[int, int, ir.Statement]])
    """(address, from, where): the objects at the address store what `from` holds."""
    bindings: list[tuple[ir.Local, int, Span]] = field(default_factory=list[tuple[ir.Local, int, Span]])
    """(local, value, place): the assignments to variables, for messages."""
    calls: list[CallFact] = field(default_factory=list[CallFact])
    returns: list[tuple[int, Span]] = field(default_factory=list[tuple[int, Span]])
    variables: dict[ir.Local, int] = field(default_factory=dict[ir.Local, int])
    """The variable of each local that is not storage."""
    objects: dict[ir.Local, int] = field(default_factory=dict[ir.Local, int])
    """The object of each local that is storage."""
    remade: list[tuple[ir.Statement, int, int]] = field(default_factory=list[tuple[ir.Statement, int, int]])
    """Statements in loops that make a local object anew: the object, and the variable of what is put into it."""
    makers: dict[int, set[ir.Local]] = field(default_factory=dict[int, "set[ir.Local]"])
    """The variables that are bound to an object where it is made."""

    @property
    def first_storage(self) -> int:
        """The number of the first object that lives on this function's stack."""
        return target_of(len(self.function.parameters))


class Collector:
    """Reads the facts out of one function."""

    def __init__(self, function: ir.Function, types: Carriers) -> None:
        self.types = types
        self.carries = types.carries
        self.facts = Facts(function)
        self.addresses: dict[int, int] = {}
        self.loops = 0
        self.current: ir.Statement = ir.Statement(function.span)
        for index, parameter in enumerate(function.parameters):
            held = 1 << target_of(index) if self.carries(parameter.type) else 0
            self.facts.variables[parameter] = self.fresh(held)
        for local in function.locals:
            if local.is_parameter or local in self.facts.variables:
                continue
            if is_storage(local.type):
                self.object_of(local)
            else:
                self.facts.variables[local] = self.fresh() if self.carries(local.type) else NOWHERE
        self.block(function.body)

    def fresh(self, held: int = 0) -> int:
        self.facts.holds.append(held)
        return len(self.facts.holds) - 1

    def object_of(self, local: ir.Local) -> int:
        known = self.facts.objects.get(local)
        if known is None:
            known = self.facts.objects[local] = self.facts.first_storage + len(self.facts.storages)
            self.facts.storages.append(local)
        return known

    def address_of(self, local: ir.Local) -> int:
        """The variable that refers to a local's own storage."""
        thing = self.object_of(local)
        known = self.addresses.get(thing)
        if known is None:
            known = self.addresses[thing] = self.fresh(1 << thing)
            value = self.facts.variables.get(local)
            if value is not None:  # a plain variable whose address is taken: both ways of access see one thing
                self.facts.stores.append((known, value, ir.Statement(local.span)))
                self.facts.loads.append((value, known, -1))
        return known

    def joined(self, values: list[int]) -> int:
        sources = [value for value in values if value != NOWHERE]
        if len(sources) < 2:
            return sources[0] if sources else NOWHERE
        both = self.fresh()
        self.facts.copies.extend((both, source) for source in sources)
        return both

    # ---- statements

    def block(self, block: ir.Block) -> None:
        for statement in block:
            self.statement(statement)
            repeats = isinstance(statement, (ir.While, ir.ForRange))
            self.loops += repeats
            for inner in blocks_of(statement):
                self.block(inner)
            self.loops -= repeats

    def statement(self, statement: ir.Statement) -> None:
        self.current = statement
        match statement:
            case ir.Store():
                self.store(statement)
            case ir.Return():
                if statement.value is not None:
                    value = self.value(statement.value)
                    if value != NOWHERE:
                        self.facts.returns.append((value, statement.span))
            case ir.Format():
                self.value(statement.piece.value)
                text = self.facts.variables[statement.text]
                self.facts.copies.append((text, self.address_of(statement.buffer)))
                self.made(statement, statement.buffer, NOWHERE, statement.text)
            case ir.Output():
                for piece in statement.pieces:
                    if isinstance(piece, ir.ValuePiece):
                        self.value(piece.value)
            case ir.If() | ir.While() | ir.Check():
                if statement.condition is not None:
                    self.value(statement.condition)
            case ir.ForRange():
                self.value(statement.start)
                self.value(statement.stop)
            case ir.Evaluate() | ir.Switch():
                self.value(statement.value)
            case _:
                pass

    def store(self, statement: ir.Store) -> None:
        value = self.value(statement.value)
        place = statement.place
        if isinstance(place, ir.LocalPlace):
            variable = self.facts.variables.get(place.local)
            if variable is None:
                if not isinstance(statement.value, ir.Load):  # a load copies another object: `assign(x, y)`
                    self.made(statement, place.local, value)
            else:
                if isinstance(statement.value, ir.AddressOf) and isinstance(statement.value.place, ir.LocalPlace):
                    self.made(statement, statement.value.place.local, NOWHERE, place.local)
                if value != NOWHERE and variable != NOWHERE:
                    self.facts.copies.append((variable, value))
                    self.facts.bindings.append((place.local, value, statement.span))
                return
        address = self.place(place)
        self.written(address, statement)
        if value != NOWHERE and self.carries(place.type):
            self.facts.stores.append((address, value, statement))

    def written(self, address: int, where: ir.Node) -> None:
        if address not in (NOWHERE, OUTER):
            self.facts.writes.append((address, where))

    def made(self, statement: ir.Statement, storage: ir.Local, value: int, maker: ir.Local | None = None) -> None:
        thing = self.object_of(storage)
        if maker is not None:
            self.facts.makers.setdefault(thing, set()).add(maker)
        if self.loops:
            self.facts.remade.append((statement, thing, value))

    # ---- places: the variable that refers to the object a place belongs to

    def place(self, place: ir.Place) -> int:
        match place:
            case ir.LocalPlace():
                return self.address_of(place.local)
            case ir.FieldPlace():
                return self.place(place.base)
            case ir.ElementPlace():
                self.value(place.index)
                return self.place(place.base)
            case ir.DerefPlace():
                return self.value(place.pointer)
            case ir.SliceElementPlace():
                self.value(place.index)
                return self.value(place.slice)
            case ir.RawElementPlace():
                self.value(place.index)
                return self.value(place.pointer)
            case ir.SharedElementPlace():
                self.value(place.shared)
                self.value(place.index)
                return OUTER
            case ir.GlobalPlace():
                return CONSTANTS if self.types.is_constant(place.target) else OUTER
            case _:
                return OUTER

    # ---- values: the variable that holds the references in a value

    def value(self, value: ir.Value) -> int:
        handler = _HANDLERS.get(type(value))
        if handler is not None:
            return handler(self, value)
        for name in _OPERANDS.get(type(value), ()):
            self.value(getattr(value, name))
        return NOWHERE

    def load(self, value: ir.Load) -> int:
        place = value.place
        if isinstance(place, ir.LocalPlace):
            variable = self.facts.variables.get(place.local)
            if variable is not None:
                return variable
        address = self.place(place)
        if not self.carries(value.type):
            return NOWHERE
        only = self.types.only(value.type)
        if address == OUTER and only != -1:
            return OUTER
        loaded = self.fresh()
        self.facts.loads.append((loaded, address, only))
        return loaded

    def call(self, value: ir.Call | ir.CallIndirect) -> int:
        if isinstance(value, ir.CallIndirect):
            self.value(value.function)
        arguments = [self.value(argument) for argument in value.arguments]
        result = self.fresh() if self.carries(value.type) else NOWHERE
        if result != NOWHERE or any(argument != NOWHERE for argument in arguments):
            self.facts.calls.append(CallFact(value, arguments, result, self.current, self.types.only(value.type)))
        return result

    def intrinsic(self, value: ir.Intrinsic) -> int:
        arguments = [self.value(argument) for argument in value.arguments]
        for index in _WRITTEN.get(value.name, ()):
            self.written(arguments[index], value)
        if value.name in ("copy", "fill") and arguments[1] != NOWHERE:
            moved = arguments[1]
            if value.name == "copy":
                moved = self.fresh()
                self.facts.loads.append((moved, arguments[1], -1))
            of = value.arguments[0].type
            if isinstance(of, SliceType) and self.carries(of.element):
                self.facts.stores.append((arguments[0], moved, self.current))
        return NOWHERE

    def struct(self, value: ir.StructValue) -> int:
        return self.joined([self.value(part) for part in value.fields.values()])

    def address_value(self, value: ir.AddressValue) -> int:
        inner = self.value(value.operand)
        if not self.carries(value.type):
            return NOWHERE
        return inner if inner != NOWHERE else OUTER

    def atomic(self, value: ir.AtomicOperation) -> int:
        address = self.place(value.place)
        if value.operation != "load":
            self.written(address, value)
        for argument in value.arguments:
            self.value(argument)
        return NOWHERE

    def select(self, value: ir.Select) -> int:
        self.value(value.condition)
        return self.joined([self.value(value.then), self.value(value.otherwise)])

    def cut(self, value: ir.SliceCut) -> int:
        for bound in (value.low, value.high):
            if bound is not None:
                self.value(bound)
        return self.value(value.slice)

    def kept(self, inner: ir.Value, of: Type) -> int:
        """Of a part taken out of a value: its references, if the part can hold any."""
        found = self.value(inner)
        return found if self.carries(of) else NOWHERE


_HANDLERS: dict[type[ir.Value], Callable[[Collector, Any], int]] = {
    ir.Load: Collector.load,
    ir.AddressOf: lambda self, value: self.place(value.place),
    ir.SliceOfArray: lambda self, value: self.place(value.place),
    ir.TextConstant: lambda self, value: OUTER,
    ir.Call: Collector.call,
    ir.CallIndirect: Collector.call,
    ir.Intrinsic: Collector.intrinsic,
    ir.SliceCut: Collector.cut,
    ir.SliceAs: lambda self, value: self.value(value.slice),
    ir.SliceMake: lambda self, value: (self.value(value.address), self.value(value.length), OUTER)[2],
    ir.AddressValue: Collector.address_value,
    ir.TupleValue: lambda self, value: self.joined([self.value(item) for item in value.items]),
    ir.TupleItem: lambda self, value: self.kept(value.tuple, value.type),
    ir.OptionSome: lambda self, value: self.value(value.value),
    ir.OptionValue: lambda self, value: self.kept(value.option, value.type),
    ir.ResultOk: lambda self, value: self.value(value.value) if value.value is not None else NOWHERE,
    ir.ResultValue: lambda self, value: self.kept(value.result, value.type),
    ir.Select: Collector.select,
    ir.StructValue: Collector.struct,
    ir.ArrayValue: lambda self, value: self.joined([self.value(element) for element in value.elements]),
    ir.RepeatValue: lambda self, value: self.value(value.element),
    ir.AtomicOperation: Collector.atomic,
    ir.SharedRead: lambda self, value: (self.place(value.place), NOWHERE)[1],
}

_WRITTEN: dict[str, tuple[int, ...]] = {
    "copy": (0,),
    "fill": (0,),
    "shared_copy_out": (2,),
    "shared_fetch": (2,),
    "kernel_call": (2,),
}
"""The arguments through which an intrinsic writes."""

_OPERANDS: dict[type[ir.Value], tuple[str, ...]] = {
    ir.Negate: ("operand",),
    ir.Invert: ("operand",),
    ir.Not: ("operand",),
    ir.Convert: ("operand",),
    ir.Binary: ("left", "right"),
    ir.Compare: ("left", "right"),
    ir.And: ("left", "right"),
    ir.Or: ("left", "right"),
    ir.SliceLength: ("slice",),
    ir.OptionIsSome: ("option",),
    ir.ResultError: ("error",),
    ir.ResultIs: ("result",),
    ir.ResultErrorValue: ("result",),
}
