"""Types as they are written: annotations, and the struct, enum and device classes they name."""

from __future__ import annotations

import ast

from metal.compiler import ir
from metal.compiler.diagnostics import Refused
from metal.compiler.elaborate.body import Body
from metal.compiler.elaborate.initials import default_of, open_array_type
from metal.compiler.elaborate.unit import Unit, advice
from metal.compiler.modules import Module
from metal.compiler.parse import span_of
from metal.compiler.symbols import (
    AliasName,
    DeviceName,
    EnumName,
    FunctionName,
    HostName,
    ModuleName,
    ProtocolName,
    StructName,
    Symbol,
    TypeVariable,
    Vocabulary,
)
from metal.compiler.types import (
    BOOL,
    ERROR,
    FLOATS,
    INTEGERS,
    NEVER,
    NONE,
    TEXT,
    U8,
    U64,
    ArrayType,
    AtomicType,
    DeviceType,
    EnumType,
    Field,
    FunctionType,
    IntegerType,
    OptionType,
    PointerType,
    ResultType,
    StructType,
    TupleType,
    Type,
)

MOST_INSTANCES = 100
"""How many lists of types one generic function or struct may be used with."""
OPEN = -1
"""The length of an `Array[T]` whose `array(n)` was not seen: a slice, wherever it is only referred to."""


def reference(unit: Unit, of: Type) -> Type:
    """How a parameter, result or variable of this type is held: storage by reference, everything else as it is."""
    if isinstance(of, ArrayType):
        return unit.types.slice(of.element) if of.length == OPEN else unit.types.pointer(of)
    if isinstance(of, (StructType, AtomicType)):
        return unit.types.pointer(of)
    if isinstance(of, OptionType) and isinstance(of.value, StructType):
        return unit.types.pointer(of.value, True)
    if isinstance(of, ResultType):
        inner = reference(unit, of.value)
        return of if inner is of.value else unit.types.result(inner, of.errors)
    return of


_REACHING = ("Ptr", "Slice", "View", "Shared", "RawPtr")


class Annotations:
    """Turns annotations of one module, under one assignment of type variables, into types."""

    def __init__(self, unit: Unit, module: Module, environment: dict[str, Type]) -> None:
        self.unit = unit
        self.module = module
        self.environment = environment

    def refuse(self, node: ast.AST, message: str, hint: str = "", code: str = "M071") -> Refused:
        """A refusal at a node; the caller raises it."""
        return Refused(code, span_of(self.module.file, node), message, hint)

    def reference(self, node: ast.expr) -> Type:
        """The type of a parameter, result or variable with this annotation."""
        of = self.type(node)
        if isinstance(of, ArrayType) and isinstance(of.element, ArrayType) and of.element.length == OPEN:
            hint = "pass one row as a Slice, or put the array into a struct"
            raise self.refuse(node, "how long are the rows of this array?", hint, "M073")
        return reference(self.unit, of)

    def symbol(self, node: ast.expr) -> Symbol | None:
        """What the name of a type stands for."""
        if isinstance(node, ast.Name):
            return self.unit.resolve(self.module, node.id)
        if isinstance(node, ast.Attribute):
            base = self.symbol(node.value)
            if isinstance(base, ModuleName):
                return self.unit.inside(base, node.attr)
        return None

    def type(self, node: ast.expr) -> Type:
        """The type an annotation names, as storage would hold it."""
        if isinstance(node, ast.Constant):
            if node.value is None:
                return NONE
            if isinstance(node.value, str):
                return self.type(self._parsed(node, node.value))
        if isinstance(node, ast.Name) and node.id in self.environment:
            return self.environment[node.id]
        if isinstance(node, (ast.Name, ast.Attribute)):
            return self._named(node, self.symbol(node))
        if isinstance(node, ast.Subscript):
            return self._subscript(node)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
            return self._union(node)
        raise self.refuse(node, f"{ast.unparse(node)} is not a type")

    def _parsed(self, node: ast.expr, text: str) -> ast.expr:
        try:
            inner = ast.parse(text, mode="eval").body
        except SyntaxError:
            raise self.refuse(node, f"{text!r} is not a type") from None
        for child in ast.walk(inner):
            ast.copy_location(child, node)
        return inner

    def _named(self, node: ast.Name | ast.Attribute, symbol: Symbol | None) -> Type:
        name = ast.unparse(node)
        if isinstance(symbol, StructName):
            if symbol.variables:
                raise self.refuse(node, f"{name} needs its types: {name}[...]")
            return struct_instance(self.unit, symbol, ())
        if isinstance(symbol, EnumName):
            return enum_type(self.unit, symbol)
        if isinstance(symbol, DeviceName):
            return device_type(self.unit, symbol)
        if isinstance(symbol, AliasName):
            return Annotations(self.unit, symbol.module, {}).type(symbol.node)
        if isinstance(symbol, TypeVariable):
            raise self.refuse(node, f"{name} has no type here", "name it in Generic[...] or in a parameter")
        if isinstance(symbol, Vocabulary):
            known = _simple(self.unit, symbol.name)
            if known is not None:
                return known
            if symbol.name == "Words":
                return words_type(self.unit)
            hint = _WORDS_OF_ADVICE.get(symbol.name, "")
            raise self.refuse(node, f"{name} is not a type of the language", hint)
        if isinstance(symbol, (HostName, ProtocolName)):
            hint = "a Protocol is for the type checker: name the struct" if isinstance(symbol, ProtocolName) else ""
            raise self.refuse(node, f"{name} is not a type of the language", hint)
        if symbol is None:
            close = advice(name, list(self.module.names))
            text = f"nothing is called {name}" + (f": {close}" if close else "")
            raise self.refuse(node, text, "", "M003")
        raise self.refuse(node, f"{name} is not a type")

    def _subscript(self, node: ast.Subscript) -> Type:
        symbol = self.symbol(node.value)
        parts = list(node.slice.elts) if isinstance(node.slice, ast.Tuple) else [node.slice]
        if isinstance(symbol, StructName):
            if len(parts) != len(symbol.variables):
                raise self.refuse(node, f"{symbol.name} takes {len(symbol.variables)} types, not {len(parts)}")
            return struct_instance(self.unit, symbol, tuple(self.type(part) for part in parts))
        name = symbol.name if isinstance(symbol, Vocabulary) else ""
        types = self.unit.types
        if name == "Callable":
            return self._callable(node, parts)
        if name == "tuple":
            return types.tuple(tuple(self.reference(part) for part in parts))
        if len(parts) != 1:
            raise self.refuse(node, f"{ast.unparse(node)} is not a type")
        if name in ("Final", "ClassVar"):
            return self.type(parts[0])
        element = self._reached(parts[0]) if name in _REACHING else self.type(parts[0])
        if name == "Ptr":
            return self._pointer(node, element)
        if name == "Array":
            if isinstance(element, ArrayType) and element.length == OPEN:
                return ArrayType(element, OPEN)
            return types.array(element, OPEN)
        if name in ("Slice", "View"):
            return types.slice(element, name == "Slice")
        if name == "RawPtr":
            if not self.module.unsafe and not self.module.foreign:
                hint = "if this module may touch raw memory, add `UNSAFE: Final = True`"
                raise self.refuse(node, "RawPtr needs an UNSAFE module", hint, "M080")
            return types.raw(element)
        if name == "Shared":
            return types.shared(element)
        if name == "Atomic":
            if not isinstance(element, (IntegerType, EnumType)) and element is not BOOL:
                raise self.refuse(node, f"Atomic[{element}]: only a number, an enum or a bool can be atomic")
            return types.atomic(element)
        raise self.refuse(node, f"{ast.unparse(node)} is not a type")

    def _reached(self, node: ast.expr) -> Type:
        """The type behind a pointer: a struct's fields need not be known yet, so structs may reach each other."""
        self.unit.reaching += 1
        try:
            return self.type(node)
        finally:
            self.unit.reaching -= 1

    def _pointer(self, node: ast.AST, target: Type) -> Type:
        if isinstance(target, (StructType, AtomicType)):
            return self.unit.types.pointer(target)
        if isinstance(target, PointerType):
            return target
        hint = "use a Slice of one element, or put the value into a struct"
        raise self.refuse(node, f"Ptr[{target}]: a pointer reaches a struct", hint)

    def _callable(self, node: ast.AST, parts: list[ast.expr]) -> Type:
        if len(parts) != 2 or not isinstance(parts[0], ast.List):
            raise self.refuse(node, "write Callable[[types of parameters], type of result]")
        parameters = tuple(self.reference(part) for part in parts[0].elts)
        return self.unit.types.function(parameters, self.reference(parts[1]))

    def _union(self, node: ast.BinOp) -> Type:
        parts: list[ast.expr] = []
        rest: ast.expr = node
        while isinstance(rest, ast.BinOp) and isinstance(rest.op, ast.BitOr):
            parts.append(rest.right)
            rest = rest.left
        members = [self.type(part) for part in [rest, *reversed(parts)]]
        return self.union_of(node, members)

    def union_of(self, node: ast.AST, members: list[Type]) -> Type:
        """`A | B | None` from its members."""
        flat: list[Type] = []
        for member in members:
            if isinstance(member, ResultType):
                flat += [member.value, *member.errors]
            elif isinstance(member, OptionType):
                flat += [member.value, NONE]
            else:
                flat.append(member)
        members = list(dict.fromkeys(flat))
        none = NONE in members
        enums = [m for m in members if isinstance(m, EnumType)]
        values = [m for m in members if not isinstance(m, EnumType) and m is not NONE]
        if not values and enums and not (none and len(enums) > 1) and (none or len(enums) > 1):
            if none and not error_enum(enums[0]):
                return self.unit.types.option(enums[0])
            if not none:
                values, enums = [enums[0]], enums[1:]
        if len(values) > 1:
            text = " | ".join(str(m) for m in members)
            raise self.refuse(node, f"{text}: a value with errors or None, not two kinds of value")
        if values:
            good = self._or_none(node, values[0]) if none else values[0]
        else:
            good = NONE
        if not enums:
            return good
        for enum in enums:
            if not error_enum(enum):
                hint = "an error's members are 1, 2, ...: 0 means that all is well"
                raise self.refuse(node, f"{enum} has a member with the value 0, so it cannot be an error", hint)
        return self.unit.types.result(reference(self.unit, good), tuple(enums))

    def _or_none(self, node: ast.AST, of: Type) -> Type:
        types = self.unit.types
        if isinstance(of, PointerType):
            return types.pointer(of.target, True)
        if isinstance(of, StructType):
            return types.pointer(of, True)
        if isinstance(of, FunctionType):
            return types.function(of.parameters, of.result, True)
        if isinstance(of, ArrayType):
            return types.option(types.slice(of.element))
        if isinstance(of, AtomicType):
            raise self.refuse(node, f"{of} | None: storage is always there")
        return types.option(of)


def error_enum(enum: EnumType) -> bool:
    """Whether an enum can be an error: none of its members is 0."""
    return 0 not in enum.members.values()


def _simple(unit: Unit, name: str) -> Type | None:
    if name in INTEGERS:
        return INTEGERS[name]
    if name in FLOATS:
        return FLOATS[name]
    return {
        "usize": U64, "bool": BOOL, "str": TEXT, "bytes": unit.types.slice(U8, False), "NoReturn": NEVER,
        "Never": NEVER,
    }.get(name)  # fmt: skip


_WORDS_OF_ADVICE: dict[str, str] = {
    "int": "say the width: u32, i64, ...",
    "float": "say the width: f32 or f64",
    "list": "there is no heap: Array[T] = array(n), or List of metal.library",
    "dict": "there is no heap: use Map of metal.library",
    "set": "there is no heap: use a bitmap of metal.library",
    "object": "say the type",
    "type": "use a TypeVar",
}


def symbol_name(module: str, *parts: str) -> str:
    """The name of a thing in the C file: `package_module__Class__method`."""
    return "__".join((module.replace(".", "_"), *parts))


def struct_instance(unit: Unit, symbol: StructName, arguments: tuple[Type, ...]) -> StructType:
    """A struct, or the instance of a generic one for these types.

    Its fields are known when this returns, but for a struct that is only reached from another one's field: those wait
    until the outermost struct is done.
    """
    made = symbol.instances.get(arguments)
    if made is None:
        if len(symbol.instances) >= MOST_INSTANCES:
            hint = "it holds or asks for itself with ever new types: break the chain"
            text = f"{symbol.name} has more than {MOST_INSTANCES} instances"
            raise Refused("M088", span_of(symbol.module.file, symbol.node), text, hint)
        name = symbol_name(symbol.module.name, symbol.name, *(a.symbol for a in arguments))
        made = StructType(symbol.name, symbol.module.name, name, arguments, declaration=symbol)
        symbol.instances[arguments] = made
        unit.fieldless[made] = (symbol, arguments)
    if made not in unit.fieldless or (unit.reaching > 0 and unit.in_struct):
        return made
    outer, reaching = unit.in_struct, unit.reaching
    unit.in_struct, unit.reaching = True, 0
    del unit.fieldless[made]
    _add_fields(unit, symbol, arguments, made)
    while not outer and unit.fieldless:
        waiting = next(iter(unit.fieldless))
        _add_fields(unit, *unit.fieldless.pop(waiting), waiting)
    unit.in_struct, unit.reaching = outer, reaching
    return made


def _add_fields(unit: Unit, symbol: StructName, arguments: tuple[Type, ...], made: StructType) -> None:
    environment = dict(zip(symbol.variables, arguments, strict=True))
    body = Body(unit, symbol.module, environment, None)
    try:
        made.align = alignment(body, symbol.align_node) if symbol.align_node is not None else 0
    except Refused as refused:
        unit.diagnostics.note(refused)
    annotations = Annotations(unit, symbol.module, environment)
    for node in symbol.node.body:
        if not isinstance(node, ast.AnnAssign) or not isinstance(node.target, ast.Name):
            continue
        try:
            _add_field(unit, body, annotations, made, node, node.target.id)
        except Refused as refused:
            unit.diagnostics.note(refused)
            made.fields.setdefault(node.target.id, Field(node.target.id, ERROR, None))
    unit.structs.append(made)


def _add_field(
    unit: Unit, body: Body, annotations: Annotations, made: StructType, node: ast.AnnAssign, name: str
) -> None:
    of = annotations.type(node.annotation)
    if isinstance(of, ArrayType) and of.length == OPEN:
        if node.value is None:
            hint = f"write {name}: {ast.unparse(node.annotation)} = array(n)"
            raise body.refuse("M073", node, f"how many elements has {name}?", hint)
        of = open_array_type(body, of, node.value)
    inner = of
    while isinstance(inner, ArrayType):
        inner = inner.element
    if isinstance(inner, StructType) and inner not in unit.structs:
        hint = f"a struct cannot hold itself: write Ptr[{inner}] | None"
        raise body.refuse("M074", node, f"{made} contains itself", hint)
    symbol = made.declaration
    if isinstance(symbol, StructName) and name in symbol.methods:
        raise body.refuse("M078", node, f"{name} is a field and a method of {made}", "give one of them another name")
    if of in (NONE, NEVER) or isinstance(of, TupleType):
        raise body.refuse("M071", node, f"a field cannot be {of}", "use a struct" if isinstance(of, TupleType) else "")
    made.fields[name] = Field(name, of, None, body.span(node))
    if node.value is not None:
        made.fields[name].default = default_of(body, node.value, of)


def enum_type(unit: Unit, symbol: EnumName) -> EnumType:
    """The type of an enum class."""
    if symbol.type is not None:
        return symbol.type
    module = symbol.module
    members: dict[str, int] = {}
    symbol.type = EnumType(symbol.name, module.name, symbol_name(module.name, symbol.name), members, False, U8)
    body = Body(unit, module, {}, None)
    bases = [module.word(base) for base in symbol.node.bases]
    plain = "Enum" in bases
    for node in symbol.node.body:
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            value = body.value(node.value)
            if not isinstance(value, ir.Constant) or not isinstance(value.value, int):
                raise body.refuse("M091", node.value, "the value of an enum's member is a constant integer")
            name = node.targets[0].id
            if value.value in members.values():
                raise body.refuse("M071", node, f"{symbol.name}.{name} has the value of another member")
            members[name] = value.value
        elif not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)) and not isinstance(
            node, ast.Pass
        ):
            raise body.refuse("M002", node, "an enum has only members", "write a function that takes the enum")
    if not members:
        raise body.refuse("M071", symbol.node, f"{symbol.name} has no members")
    symbol.type.repr = _smallest(min(members.values()), max(members.values()))
    symbol.type.is_integer = not plain
    unit.enums.append(symbol.type)
    return symbol.type


def _smallest(low: int, high: int) -> IntegerType:
    for of in INTEGERS.values():
        if not of.wraps and of.signed == (low < 0) and of.low <= low and high <= of.high:
            return of
    return U64


def device_type(unit: Unit, symbol: DeviceName) -> DeviceType:
    """The type of a class of device registers."""
    if symbol.type is not None:
        return symbol.type
    registers: dict[str, tuple[int, IntegerType, int, int]] = {}
    symbol.type = DeviceType(symbol.name, symbol.module.name, registers)
    body = Body(unit, symbol.module, {}, None)
    annotations = Annotations(unit, symbol.module, {})
    for node in symbol.node.body:
        if not isinstance(node, ast.AnnAssign) or not isinstance(node.target, ast.Name):
            continue
        registers[node.target.id] = _register(body, annotations, node)
    return symbol.type


def _register(body: Body, annotations: Annotations, node: ast.AnnAssign) -> tuple[int, IntegerType, int, int]:
    kind = node.annotation
    many = body.module.word(kind) == "Array"
    inner = kind.slice if many and isinstance(kind, ast.Subscript) else kind
    hint = "write NAME: Reg[u32] = at(0x10), or NAME: Array[Reg[u32]] = at(0x10, 32)"
    if not isinstance(inner, ast.Subscript) or not isinstance(node.value, ast.Call):
        raise body.refuse("M075", node, "this is not a register", hint)
    of = annotations.type(inner.slice)
    if not isinstance(of, IntegerType):
        raise body.refuse("M075", node, "a register is a number", hint)
    numbers = [_constant(body, a) for a in node.value.args]
    step = next((_constant(body, k.value) for k in node.value.keywords if k.arg == "step"), of.bits // 8)
    if not numbers or len(numbers) > 2 or many != (len(numbers) == 2):
        raise body.refuse("M075", node, "this is not a register", hint)
    return numbers[0], of, numbers[1] if many else 0, step


def alignment(body: Body, node: ast.expr) -> int:
    """The argument of `@align`."""
    number = _constant(body, node)
    if number < 1 or number & (number - 1):
        raise body.refuse("M065", node, f"align({number}): an alignment is a power of two")
    return number


def _constant(body: Body, node: ast.expr) -> int:
    value = body.value(node)
    if isinstance(value, ir.Constant) and isinstance(value.value, int):
        return value.value
    raise body.refuse("M091", node, "this must be a constant integer")


def words_type(unit: Unit) -> StructType:
    """The vocabulary's own struct `Words`: the words of a message."""
    for of in unit.structs:
        if of.symbol_name == "metal__Words":
            return of
    made = StructType("Words", "metal", "metal__Words")
    made.fields["w"] = Field("w", unit.types.array(U64, 8), None)
    unit.structs.append(made)
    return made


def method_of(of: StructType, name: str) -> FunctionName | None:
    """The method of a struct by name."""
    symbol = of.declaration
    return symbol.methods.get(name) if isinstance(symbol, StructName) else None
