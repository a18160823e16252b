"""The living definition of the typed form: runs a program directly, slowly and by the book, as an oracle for tests.

Integers are unbounded and checked against their type, storage is Python objects, and every statement does exactly what
`ir.py` says of it. What only a machine has (assembly, device registers, raw addresses) is refused with `Unsupported`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from metal.compiler import ir
from metal.compiler.arithmetic import Fault, binary, compared, converted, fitted, formatted, rounded, wrapped
from metal.compiler.memory import Failed, Ok, Some, Spot, Storage, View, assign, copied, zero
from metal.compiler.types import (
    AtomicType,
    EnumType,
    FloatType,
    IntegerType,
    ResultType,
    SharedType,
    SliceType,
    Type,
    is_storage,
)
from metal.types.traps import TrapKind

STREAMS = {"print": 0, "log": 1, "panic": 2}


class Trapped(Exception):
    """A check of the program failed."""

    def __init__(self, kind: TrapKind, file: str, line: int) -> None:
        super().__init__(f"{file}:{line}: {kind.name}")
        self.kind = kind
        self.file = file
        self.line = line


class Unsupported(Exception):
    """The program does something that only a machine can do."""


class _Break(Exception):
    pass


class _Continue(Exception):
    pass


class _Return(Exception):
    def __init__(self, value: Any) -> None:
        self.value = value


Frame = dict[ir.Local, Any]


class Interpreter:
    """One run of a program, with its own globals and output."""

    def __init__(self, program: ir.Program) -> None:
        self.program = program
        self.written: list[list[str]] = [[], [], []]
        self.globals: dict[ir.Global, Any] = {}
        self._addresses: dict[int, tuple[int, Any]] = {}
        sys.setrecursionlimit(max(sys.getrecursionlimit(), 20_000))
        for item in program.globals:
            self.globals[item] = zero(item.type)
        for item in program.globals:
            if item.value is not None and is_storage(item.type):
                # In place, because another global may hold a reference to it already.
                assign(self.globals[item], self.value(item.value, {}))
            elif item.value is not None:
                self.globals[item] = self.value(item.value, {})

    def call(self, name: str, *arguments: Any) -> Any:
        """Calls a function of the entry module by its Python name, or any by `module.name`."""
        entry = self.program.files[0].module
        for function in self.program.functions:
            if name in (f"{function.file.module}.{function.shown}", function.exported) or (
                function.shown == name and function.file.module == entry
            ):
                return self.run(function, list(arguments))
        raise KeyError(f"the program has no function {name}")

    def take_output(self, stream: int = 0) -> str:
        """What was written to a stream since the last time."""
        text = "".join(self.written[stream])
        self.written[stream] = []
        return text

    def run(self, function: ir.Function, arguments: list[Any]) -> Any:
        """One call."""
        if function.foreign or function.naked:
            raise Unsupported(f"{function.shown} is not typed Python")
        try:
            self.block(function.body, self.enter(function, arguments))
        except _Return as done:
            return done.value
        return None

    def enter(self, function: ir.Function, arguments: list[Any]) -> Frame:
        """The parameters and the storage of a call that begins."""
        frame: Frame = dict(zip(function.parameters, arguments, strict=True))
        for local in function.locals:
            if is_storage(local.type):
                frame[local] = zero(local.type)
        return frame

    # ---- statements --------------------------------------------------------------------------------------------

    def block(self, statements: ir.Block, frame: Frame) -> None:
        """Statements in order."""
        for statement in statements:
            _STATEMENTS[type(statement)](self, statement, frame)

    def trap(self, node: ir.Node, kind: TrapKind) -> Trapped:
        """The exception for a check that failed at a node."""
        return Trapped(kind, node.span.file.shown, node.span.line)

    def evaluate(self, node: ir.Evaluate, frame: Frame) -> None:
        self.value(node.value, frame)

    def store(self, node: ir.Store, frame: Frame) -> None:
        value = self.stored(node.value, frame)
        self.put(node.place, value, frame)

    def stored(self, node: ir.Value, frame: Frame) -> Any:
        """A value on its way into a place: storage is copied."""
        value = self.value(node, frame)
        return copied(value) if is_storage(node.type) else value

    def put(self, place: ir.Place, value: Any, frame: Frame) -> None:
        """Stores into a place; storage keeps its identity and gets new content."""
        if is_storage(place.type):
            assign(self.get(place, frame), value)
            return
        base, key = self.spot(place, frame)
        base[key] = value

    def branch(self, node: ir.If, frame: Frame) -> None:
        self.block(node.then if self.value(node.condition, frame) else node.otherwise, frame)

    def loop(self, node: ir.While, frame: Frame) -> None:
        while True:
            try:
                self.block(node.before, frame)
                if node.condition is not None and not self.value(node.condition, frame):
                    return
                self.block(node.body, frame)
            except _Break:
                return
            except _Continue:
                continue

    def counting(self, node: ir.ForRange, frame: Frame) -> None:
        start, stop = self.value(node.start, frame), self.value(node.stop, frame)
        for value in range(start, stop, node.step):
            frame[node.variable] = value
            try:
                self.block(node.body, frame)
            except _Break:
                return
            except _Continue:
                continue

    def switch(self, node: ir.Switch, frame: Frame) -> None:
        value = self.value(node.value, frame)
        for numbers, block in node.cases:
            if value in numbers:
                self.block(block, frame)
                return
        self.block(node.otherwise, frame)

    def leave(self, node: ir.Break, frame: Frame) -> None:
        raise _Break

    def again(self, node: ir.Continue, frame: Frame) -> None:
        raise _Continue

    def give(self, node: ir.Return, frame: Frame) -> None:
        raise _Return(None if node.value is None else self.value(node.value, frame))

    def stop(self, node: ir.Trap, frame: Frame) -> None:
        raise self.trap(node, node.kind)

    def check(self, node: ir.Check, frame: Frame) -> None:
        if not self.value(node.condition, frame):
            raise self.trap(node, node.kind)

    def piece(self, piece: ir.TextPiece | ir.ValuePiece, frame: Frame) -> str:
        """The text of one piece of an f-string."""
        if isinstance(piece, ir.TextPiece):
            return piece.data.decode("utf-8", "replace")
        value = self.value(piece.value, frame)
        if isinstance(value, View):
            value = bytes(value.items()).decode("utf-8", "replace")
        return formatted(piece.value.type, value, piece.specification)

    def output(self, node: ir.Output, frame: Frame) -> None:
        text = "".join([self.piece(piece, frame) for piece in node.pieces])
        writer = next((f for f in self.program.functions if f.exported == "metal_write" and not f.foreign), None)
        if writer is not None:
            data = list(text.encode())
            self.run(writer, [STREAMS[node.stream], View(data, 0, len(data))])
        else:
            self.written[STREAMS[node.stream]].append(text)

    def format(self, node: ir.Format, frame: Frame) -> None:
        data = self.piece(node.piece, frame).encode()
        buffer: Storage = frame[node.buffer]
        if len(data) > len(buffer.parts):
            raise AssertionError(f"{len(data)} bytes of text in a buffer of {len(buffer.parts)}")
        buffer.parts[: len(data)] = data
        frame[node.text] = View(buffer.parts, 0, len(data))

    # ---- places ------------------------------------------------------------------------------------------------

    def spot(self, place: ir.Place, frame: Frame) -> tuple[Any, Any]:
        """The container of a place and the key in it."""
        match place:
            case ir.LocalPlace():
                return frame, place.local
            case ir.GlobalPlace():
                return self.globals, place.target
            case ir.FieldPlace():
                return self.get(place.base, frame).parts, place.name
            case ir.DerefPlace():
                pointer = self.value(place.pointer, frame)
                if isinstance(pointer, Spot):
                    return pointer.base, pointer.key
                assert isinstance(pointer, Storage), "a null pointer got past the checks"
                return {None: pointer}, None
            case ir.ElementPlace():
                parts = self.get(place.base, frame).parts
                index = self.value(place.index, frame)
                return parts, self.index(place, index, len(parts), place.checked)
            case ir.SliceElementPlace() | ir.SharedElementPlace():
                view = self.value(place.slice if isinstance(place, ir.SliceElementPlace) else place.shared, frame)
                checked = place.checked if isinstance(place, ir.SliceElementPlace) else True
                index = self.index(place, self.value(place.index, frame), view.length, checked)
                return view.parts, view.start + index
            case ir.RawElementPlace():
                pointer = self.value(place.pointer, frame)
                if not isinstance(pointer, Spot):
                    raise Unsupported("raw memory")
                return pointer.base, pointer.key + self.value(place.index, frame)
            case _:
                raise AssertionError(type(place).__name__)

    def index(self, node: ir.Place, index: int, length: int, checked: bool) -> int:
        """An index that is inside."""
        if not 0 <= index < length:
            assert checked, f"{node.span.file.shown}:{node.span.line}: index {index} was taken for proven"
            raise self.trap(node, TrapKind.BOUNDS)
        return index

    def get(self, place: ir.Place, frame: Frame) -> Any:
        """What stands in a place."""
        base, key = self.spot(place, frame)
        return base[key]

    # ---- values ------------------------------------------------------------------------------------------------

    def value(self, node: ir.Value, frame: Frame) -> Any:
        """Evaluates a value."""
        try:
            return _VALUES[type(node)](self, node, frame)
        except Fault as fault:
            raise self.trap(node, fault.kind) from None

    def address_of(self, node: ir.AddressOf, frame: Frame) -> Any:
        if is_storage(node.place.type):
            return self.get(node.place, frame)
        return Spot(*self.spot(node.place, frame))

    def negate(self, node: ir.Negate, frame: Frame) -> Any:
        value = self.value(node.operand, frame)
        return fitted(node.type, -value, node.checked) if isinstance(node.type, IntegerType) else -value

    def invert(self, node: ir.Invert, frame: Frame) -> int:
        assert isinstance(node.type, IntegerType)
        return wrapped(node.type, ~self.value(node.operand, frame))

    def operate(self, node: ir.Binary, frame: Frame) -> Any:
        left = self.value(node.left, frame)
        return binary(node.operation, node.type, left, self.value(node.right, frame), node.checked)

    def compare(self, node: ir.Compare, frame: Frame) -> int:
        left, right = self.value(node.left, frame), self.value(node.right, frame)
        if isinstance(left, View):
            left, right = list(left.items()), list(right.items())
        elif isinstance(left, Storage) or isinstance(right, Storage):
            same = left is right
            return int(same == (node.operation == "=="))
        return compared(node.operation, left, right)

    def select(self, node: ir.Select, frame: Frame) -> Any:
        return self.value(node.then if self.value(node.condition, frame) else node.otherwise, frame)

    def convert(self, node: ir.Convert, frame: Frame) -> Any:
        return converted(node.type, node.operand.type, self.value(node.operand, frame), node.mode)

    def call_direct(self, node: ir.Call, frame: Frame) -> Any:
        return self.run(node.function, [self.value(argument, frame) for argument in node.arguments])

    def call_indirect(self, node: ir.CallIndirect, frame: Frame) -> Any:
        function = self.value(node.function, frame)
        return self.run(function, [self.value(argument, frame) for argument in node.arguments])

    def slice_of_array(self, node: ir.SliceOfArray, frame: Frame) -> View:
        parts = self.get(node.place, frame).parts
        return View(parts, 0, len(parts))

    def slice_cut(self, node: ir.SliceCut, frame: Frame) -> View:
        view: View = self.value(node.slice, frame)
        low = 0 if node.low is None else self.value(node.low, frame)
        high = view.length if node.high is None else self.value(node.high, frame)
        if not 0 <= low <= high <= view.length:
            raise Fault(TrapKind.SLICE)
        return View(view.parts, view.start + low, high - low)

    def address_value(self, node: ir.AddressValue, frame: Frame) -> Any:
        value = self.value(node.operand, frame)
        if isinstance(node.type, IntegerType):
            return self.address(value)
        if isinstance(value, int):
            if value == 0:
                return None
            found = self._addresses.get(value)
            if found is None:
                raise Unsupported("memory at an address")
            return found[1]
        if isinstance(value, View):
            return Spot(value.parts, value.start)
        return value

    def address(self, value: Any) -> int:
        """A made-up address, the same each time for the same thing."""
        if value is None:
            return 0
        if isinstance(value, View | Spot):
            raise Unsupported("the address of an element")
        for number, (identity, _) in self._addresses.items():
            if identity == id(value):
                return number
        number = 0x1000_0000 + 0x1_0000 * len(self._addresses)
        self._addresses[number] = (id(value), value)
        return number

    def result_is(self, node: ir.ResultIs, frame: Frame) -> int:
        result = self.value(node.result, frame)
        if node.error is None:
            return int(isinstance(result, Ok))
        return int(isinstance(result, Failed) and result.enum is node.error)

    def result_ok(self, node: ir.ResultOk, frame: Frame) -> Ok:
        return Ok(None if node.value is None else self.value(node.value, frame))

    def result_error(self, node: ir.ResultError, frame: Frame) -> Failed:
        assert isinstance(node.type, ResultType) and isinstance(node.error.type, EnumType)
        return Failed(node.error.type, self.value(node.error, frame))

    def struct_value(self, node: ir.StructValue, frame: Frame) -> Storage:
        made: Storage = zero(node.type)
        for name, field in node.fields.items():
            made.parts[name] = self.stored(field, frame)
        return made

    def array_value(self, node: ir.ArrayValue, frame: Frame) -> Storage:
        made: Storage = zero(node.type)
        for index, element in enumerate(node.elements):
            made.parts[index] = self.stored(element, frame)
        return made

    def repeat_value(self, node: ir.RepeatValue, frame: Frame) -> Storage:
        made: Storage = zero(node.type)
        made.parts[:] = [self.stored(node.element, frame) for _ in made.parts]
        return made

    def atomic_value(self, node: ir.AtomicValue, frame: Frame) -> Storage:
        return Storage(node.type, {"value": self.value(node.value, frame)})

    def atomic_operation(self, node: ir.AtomicOperation, frame: Frame) -> Any:
        if isinstance(node.place, ir.SharedElementPlace):
            base, key = self.spot(node.place, frame)
            of = node.place.type
        else:
            atomic: Storage = self.get(node.place, frame)
            base, key = atomic.parts, "value"
            of = node.place.type
        element = of.element if isinstance(of, AtomicType) else of
        arguments = [self.value(argument, frame) for argument in node.arguments]
        old = base[key]
        match node.operation:
            case "load":
                return old
            case "store":
                base[key] = arguments[0]
                return None
            case "exchange":
                base[key] = arguments[0]
            case "cas":
                if old == arguments[0]:
                    base[key] = arguments[1]
                return int(old == arguments[0])
            case operation:
                symbol = {"add": "+", "sub": "-", "and": "&", "or": "|", "xor": "^"}[operation]
                base[key] = binary(symbol, element, old, arguments[0], False)
        return old

    def intrinsic(self, node: ir.Intrinsic, frame: Frame) -> Any:
        arguments = [self.value(argument, frame) for argument in node.arguments]
        operation = _INTRINSICS.get(node.name)
        if operation is None:
            raise Unsupported(node.name)
        return operation(node, arguments)


def constant(node: ir.Constant) -> int | float:
    """A constant as its type stores it."""
    return rounded(node.type, float(node.value)) if isinstance(node.type, FloatType) else node.value


def _rotate(node: ir.Intrinsic, arguments: list[Any]) -> int:
    of = node.type
    assert isinstance(of, IntegerType)
    value, count = arguments
    if not 0 <= count < of.bits:
        raise Fault(TrapKind.SHIFT)
    if node.name == "rotr":
        count = -count % of.bits
    return wrapped(of, value << count | value >> (of.bits - count))


def _copy(node: ir.Intrinsic, arguments: list[Any]) -> None:
    target, source = arguments
    if target.length != source.length:
        raise Fault(TrapKind.SLICE)
    _move(target, source, node.arguments[0].type)


def _move(target: View, source: View, of: Type) -> None:
    """Copies elements between parts of the same length that may overlap."""
    inline = isinstance(of, SliceType | SharedType) and is_storage(of.element)
    items = [copied(item) if inline else item for item in source.items()]
    for index, item in enumerate(items):
        if inline:
            assign(target.parts[target.start + index], item)
        else:
            target.parts[target.start + index] = item


def _fill(node: ir.Intrinsic, arguments: list[Any]) -> None:
    target, value = arguments
    for index in range(target.length):
        target.parts[target.start + index] = value


def _shared_element(shared: View, index: int) -> int:
    if not 0 <= index < shared.length:
        raise Fault(TrapKind.BOUNDS)
    return shared.start + index


def _shared_write(node: ir.Intrinsic, arguments: list[Any]) -> None:
    shared, index, value = arguments
    shared.parts[_shared_element(shared, index)] = value


def _shared_copy(node: ir.Intrinsic, arguments: list[Any]) -> None:
    shared, start, other = arguments
    if start > shared.length or other.length > shared.length - start:
        raise Fault(TrapKind.SLICE)
    part = View(shared.parts, shared.start + start, other.length)
    if node.name == "shared_copy_out":
        _move(other, part, node.arguments[0].type)
    else:
        _move(part, other, node.arguments[0].type)


def _shared_struct(node: ir.Intrinsic, arguments: list[Any]) -> None:
    shared, index, pointer = arguments
    inside = shared.parts[_shared_element(shared, index)]
    if node.name == "shared_fetch":
        assign(pointer, copied(inside))
    else:
        assign(inside, copied(pointer))


_INTRINSICS: dict[str, Callable[[ir.Intrinsic, list[Any]], Any]] = {
    "rotl": _rotate,
    "rotr": _rotate,
    "leading_zeros": lambda node, arguments: 64 - arguments[0].bit_length(),
    "trailing_zeros": lambda node, arguments: (arguments[0] & -arguments[0]).bit_length() - 1 if arguments[0] else 64,
    "popcount": lambda node, arguments: arguments[0].bit_count(),
    "fence": lambda node, arguments: None,
    "copy": _copy,
    "fill": _fill,
    "shared_write": _shared_write,
    "shared_copy_out": _shared_copy,
    "shared_copy_in": _shared_copy,
    "shared_fetch": _shared_struct,
    "shared_put": _shared_struct,
}

_STATEMENTS: dict[type, Callable[[Interpreter, Any, Frame], None]] = {
    ir.Evaluate: Interpreter.evaluate,
    ir.Store: Interpreter.store,
    ir.If: Interpreter.branch,
    ir.While: Interpreter.loop,
    ir.ForRange: Interpreter.counting,
    ir.Switch: Interpreter.switch,
    ir.Break: Interpreter.leave,
    ir.Continue: Interpreter.again,
    ir.Return: Interpreter.give,
    ir.Trap: Interpreter.stop,
    ir.Check: Interpreter.check,
    ir.Output: Interpreter.output,
    ir.Format: Interpreter.format,
}

_VALUES: dict[type, Callable[[Interpreter, Any, Frame], Any]] = {
    ir.Constant: lambda run, node, frame: constant(node),
    ir.TextConstant: lambda run, node, frame: View(node.data, 0, len(node.data)),
    ir.Null: lambda run, node, frame: None,
    ir.FunctionReference: lambda run, node, frame: node.function,
    ir.Load: lambda run, node, frame: run.get(node.place, frame),
    ir.AddressOf: Interpreter.address_of,
    ir.Negate: Interpreter.negate,
    ir.Invert: Interpreter.invert,
    ir.Not: lambda run, node, frame: int(not run.value(node.operand, frame)),
    ir.Binary: Interpreter.operate,
    ir.Compare: Interpreter.compare,
    ir.And: lambda run, node, frame: int(bool(run.value(node.left, frame)) and bool(run.value(node.right, frame))),
    ir.Or: lambda run, node, frame: int(bool(run.value(node.left, frame)) or bool(run.value(node.right, frame))),
    ir.Select: Interpreter.select,
    ir.Convert: Interpreter.convert,
    ir.Call: Interpreter.call_direct,
    ir.CallIndirect: Interpreter.call_indirect,
    ir.SliceOfArray: Interpreter.slice_of_array,
    ir.SliceCut: Interpreter.slice_cut,
    ir.SliceAs: lambda run, node, frame: run.value(node.slice, frame),
    ir.SliceLength: lambda run, node, frame: run.value(node.slice, frame).length,
    ir.AddressValue: Interpreter.address_value,
    ir.TupleValue: lambda run, node, frame: tuple([run.value(item, frame) for item in node.items]),
    ir.TupleItem: lambda run, node, frame: run.value(node.tuple, frame)[node.index],
    ir.OptionNone: lambda run, node, frame: None,
    ir.OptionSome: lambda run, node, frame: Some(run.value(node.value, frame)),
    ir.OptionIsSome: lambda run, node, frame: int(run.value(node.option, frame) is not None),
    ir.OptionValue: lambda run, node, frame: run.value(node.option, frame).value,
    ir.ResultOk: Interpreter.result_ok,
    ir.ResultError: Interpreter.result_error,
    ir.ResultIs: Interpreter.result_is,
    ir.ResultValue: lambda run, node, frame: run.value(node.result, frame).value,
    ir.ResultErrorValue: lambda run, node, frame: run.value(node.result, frame).number,
    ir.StructValue: Interpreter.struct_value,
    ir.ArrayValue: Interpreter.array_value,
    ir.RepeatValue: Interpreter.repeat_value,
    ir.Zero: lambda run, node, frame: zero(node.type),
    ir.AtomicValue: Interpreter.atomic_value,
    ir.AtomicOperation: Interpreter.atomic_operation,
    ir.SharedRead: lambda run, node, frame: run.get(node.place, frame),
    ir.Intrinsic: Interpreter.intrinsic,
}
