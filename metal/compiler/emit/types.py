"""Types in C: how each is spelled, and the definitions of those that are made of others."""

from __future__ import annotations

from collections.abc import Iterator

from metal.compiler import ir
from metal.compiler.emit.names import c_name
from metal.compiler.types import (
    BOOL,
    NEVER,
    NONE,
    TEXT,
    ArrayType,
    AtomicType,
    DeviceType,
    EnumType,
    FloatType,
    FunctionType,
    IntegerType,
    OptionType,
    PointerType,
    RawType,
    ResultType,
    SharedType,
    SliceType,
    StructType,
    TupleType,
    Type,
)

# The runtime header defines these two itself.
_PREDEFINED = frozenset({"Slice_u8", "View_u8"})


def declare(of: Type, name: str) -> str:
    """A declaration of a name, or, when the name is empty, the type alone."""
    if isinstance(of, PointerType):
        return declare_pointer(of.target, name)
    if isinstance(of, ArrayType):
        return declare(of.element, f"{name}[{of.length}]")
    if isinstance(of, AtomicType):
        return declare(of.element, name)
    if isinstance(of, RawType):
        return declare_pointer(of.element, name)
    if isinstance(of, FunctionType):
        parameters = ", ".join(declare(parameter, "") for parameter in of.parameters) or "void"
        return declare(of.result, f"(*{name})({parameters})")
    return f"{plain(of)} {name}" if name else plain(of)


def declare_pointer(target: Type, name: str) -> str:
    """A declaration of a pointer to a type."""
    return declare(target, f"(*{name})" if isinstance(target, ArrayType) else f"*{name}")


def plain(of: Type) -> str:
    """The spelling of a type that needs no declarator."""
    if isinstance(of, IntegerType | FloatType):
        return of.name
    if of is BOOL:
        return "bool"
    if of is NONE or of is NEVER:
        return "void"
    if of is TEXT:
        return "struct View_u8"
    if isinstance(of, EnumType):
        return f"enum {of.symbol}"
    if isinstance(of, DeviceType):
        return "u64"
    if isinstance(of, StructType | SliceType | SharedType | TupleType | OptionType | ResultType):
        return f"struct {of.symbol}"
    raise AssertionError(f"{of} has no spelling in C")


def spelled(of: Type) -> str:
    """The type alone, as in a cast."""
    return declare(of, "")


def member_name(of: EnumType, number: int) -> str:
    """A member of an enum in C, or its number when no member has it."""
    for name, value in of.members.items():
        if value == number:
            return f"{of.symbol}__{name}"
    return str(number)


def error_type(of: ResultType) -> IntegerType:
    """The integer that holds an error of any of the result's enums."""
    return max((error.repr for error in of.errors), key=lambda integer: integer.bits)


def define_enum(of: EnumType) -> str:
    """An enum with its members; packed, so that it is as small as the language says."""
    numbers = dict(of.members)
    # A member of the width that was asked for, where the others would do with less.
    if of.repr.bits > 8 and max(map(abs, numbers.values()), default=0) <= of.repr.high >> (of.repr.bits // 2):
        numbers["_limit_"] = of.repr.high
    members = ", ".join(f"{of.symbol}__{name} = {value}" for name, value in numbers.items())
    check = f'_Static_assert(sizeof(enum {of.symbol}) == {of.repr.bits // 8}, "an enum is stored in {of.repr}");'
    return f"enum __attribute__((packed)) {of.symbol} {{ {members} }};\n{check}"


def define_struct(of: StructType) -> str:
    """A struct with the layout that C gives it."""
    lines = [f"struct {of.symbol} {{"]
    lines += [f"    {declare(field.type, c_name(field.name))};" for field in of.fields.values()]
    if not of.fields:
        lines.append("    u8 empty__;")
    align = f" __attribute__((aligned({of.align})))" if of.align else ""
    lines.append(f"}}{align};")
    return "\n".join(lines)


def _composed(of: Type) -> tuple[list[str], list[Type]] | None:
    """The members of a composed type that C must define, and the types that have to be complete before."""
    if isinstance(of, SliceType):
        return [declare_pointer(of.element, "p"), "u64 n"], []
    if isinstance(of, SharedType):
        return [f"volatile {declare_pointer(of.element, 'p')}", "u64 n"], []
    if isinstance(of, TupleType):
        return [declare(item, f"item{index}") for index, item in enumerate(of.items)], list(of.items)
    if isinstance(of, OptionType):
        return [declare(of.value, "value"), "bool some"], [of.value]
    if isinstance(of, ResultType):
        members = [] if of.value is NONE else [declare(of.value, "value")]
        members.append(f"{error_type(of)} error")
        if len(of.errors) > 1:
            members.append("u8 which")
        return members, [] if of.value is NONE else [of.value]
    return None


def define_types(program: ir.Program) -> Iterator[str]:
    """All type definitions of a program, each after those it holds."""
    for enum in program.enums:
        yield define_enum(enum)
    for struct in program.structs:
        yield f"struct {struct.symbol};"
    done: set[str] = set(_PREDEFINED)
    composed = [of for of in program.types.all() if _composed(of) is not None and of.symbol not in _PREDEFINED]
    for of in composed:
        if of.symbol not in done:
            yield f"struct {of.symbol};"
            done.add(of.symbol)
    defined: set[str] = set(_PREDEFINED)

    def define(of: Type) -> Iterator[str]:
        if isinstance(of, ArrayType | AtomicType):
            yield from define(of.element)
            return
        if isinstance(of, StructType):
            if of.symbol not in defined:
                defined.add(of.symbol)
                for field in of.fields.values():
                    yield from define(field.type)
                yield define_struct(of)
            return
        parts = _composed(of)
        if parts is None or of.symbol in defined:
            return
        defined.add(of.symbol)
        members, needed = parts
        for part in needed:
            yield from define(part)
        yield f"struct {of.symbol} {{ {'; '.join(members)}; }};"

    for of in (*program.structs, *composed):
        yield from define(of)
