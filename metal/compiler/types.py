"""The types of typed Python as the compiler sees them.

Equal types are one object: composed types come from a `TypeTable`, which makes each once, so types are compared with
`is`. A struct or an array is *storage*: expressions speak of it through a `PointerType`, and only fields, elements,
globals and storage locals have the type itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field


class Type:
    """Base of all types; `str()` is the spelling a programmer would use."""

    __slots__ = ()

    @property
    def symbol(self) -> str:
        """A name for use inside identifiers: letters, digits, underscores."""
        return str(self)


@dataclass(slots=True, eq=False)
class IntegerType(Type):
    """`u8`..`u64`, `i8`..`i64` trap; `w8`..`w64` wrap."""

    name: str
    bits: int
    signed: bool
    wraps: bool

    @property
    def low(self) -> int:
        """The smallest value."""
        return -(1 << (self.bits - 1)) if self.signed else 0

    @property
    def high(self) -> int:
        """The largest value."""
        return (1 << (self.bits - 1)) - 1 if self.signed else (1 << self.bits) - 1

    def __str__(self) -> str:
        return self.name


@dataclass(slots=True, eq=False)
class FloatType(Type):
    """`f32` and `f64`."""

    name: str
    bits: int

    def __str__(self) -> str:
        return self.name


@dataclass(slots=True, eq=False)
class NamedType(Type):
    """The types without parts: bool, None, NoReturn, str, and the compile-time numbers."""

    name: str

    def __str__(self) -> str:
        return self.name


BOOL = NamedType("bool")
NONE = NamedType("None")
"""The type of a function without a value: C's void."""
NEVER = NamedType("NoReturn")
TEXT = NamedType("str")
"""Read-only UTF-8: a pointer and a length in bytes, like a read-only slice of u8."""
LITERAL_INT = NamedType("int")
"""A compile-time integer that has no width yet; never in finished IR."""
LITERAL_FLOAT = NamedType("float")
"""A compile-time float that has no width yet; never in finished IR."""
LITERAL_NONE = NamedType("None value")
"""The type of `None` before something says which; never in finished IR."""
ERROR = NamedType("?")
"""Stands for the type of an expression that was refused, so that one mistake gives one message."""

U8, U16, U32, U64 = (IntegerType(f"u{bits}", bits, False, False) for bits in (8, 16, 32, 64))
I8, I16, I32, I64 = (IntegerType(f"i{bits}", bits, True, False) for bits in (8, 16, 32, 64))
W8, W16, W32, W64 = (IntegerType(f"w{bits}", bits, False, True) for bits in (8, 16, 32, 64))
F32, F64 = FloatType("f32", 32), FloatType("f64", 64)
INTEGERS: dict[str, IntegerType] = {t.name: t for t in (U8, U16, U32, U64, I8, I16, I32, I64, W8, W16, W32, W64)}
FLOATS: dict[str, FloatType] = {t.name: t for t in (F32, F64)}


@dataclass(slots=True, eq=False)
class Field:
    """One field of a struct, in order of declaration."""

    name: str
    type: Type
    default: object
    """A constant (an `ir.Value`), or None when the constructor must give a value."""
    span: object = None


@dataclass(slots=True, eq=False)
class StructType(Type):
    """A `@struct` class, or one instance of a generic one (`Ring[u64]`). Layout is C's."""

    name: str
    module: str
    symbol_name: str
    arguments: tuple[Type, ...] = ()
    fields: dict[str, Field] = field(default_factory=dict[str, Field])
    align: int = 0
    declaration: object = None

    @property
    def symbol(self) -> str:
        return self.symbol_name

    def __str__(self) -> str:
        inner = ", ".join(map(str, self.arguments))
        return f"{self.name}[{inner}]" if inner else self.name


@dataclass(slots=True, eq=False)
class EnumType(Type):
    """An `Enum` (names for errors and states) or an `IntEnum` (may also be compared and computed as a number)."""

    name: str
    module: str
    symbol_name: str
    members: dict[str, int]
    is_integer: bool
    repr: IntegerType
    """The smallest integer that holds every value: what is stored."""

    @property
    def symbol(self) -> str:
        return self.symbol_name

    def __str__(self) -> str:
        return self.name


@dataclass(slots=True, frozen=True)
class MemberType(Type):
    """One member of an enum, as narrowing knows it; never in finished IR."""

    enum: EnumType
    number: int


@dataclass(slots=True, eq=False)
class DeviceType(Type):
    """A class of device registers; a value of it is the base address.

    `registers`: name -> (offset, type, count or 0 for a single one, bytes from one to the next).
    """

    name: str
    module: str
    registers: dict[str, tuple[int, IntegerType, int, int]]

    def __str__(self) -> str:
        return self.name


@dataclass(slots=True, eq=False)
class RegisterType(Type):
    """A register of a device, or an array of them: only read and written, never held; not in finished IR."""

    element: IntegerType
    count: int
    step: int

    def __str__(self) -> str:
        return f"Reg[{self.element}]"


@dataclass(slots=True, eq=False)
class PointerType(Type):
    """`Ptr[T]` or `Ptr[T] | None`, and every reference to a struct or an array: an address."""

    target: Type
    nullable: bool

    @property
    def symbol(self) -> str:
        return f"Ptr_{self.target.symbol}"

    def __str__(self) -> str:
        return f"Ptr[{self.target}] | None" if self.nullable else f"Ptr[{self.target}]"


@dataclass(slots=True, eq=False)
class RawType(Type):
    """`RawPtr[T]`: an unchecked address of elements."""

    element: Type

    @property
    def symbol(self) -> str:
        return f"RawPtr_{self.element.symbol}"

    def __str__(self) -> str:
        return f"RawPtr[{self.element}]"


@dataclass(slots=True, eq=False)
class ArrayType(Type):
    """`Array[T] = array(n)`: inline storage of n elements."""

    element: Type
    length: int

    @property
    def symbol(self) -> str:
        return f"Array_{self.element.symbol}_{self.length}"

    def __str__(self) -> str:
        return f"Array[{self.element}] of {self.length}"


@dataclass(slots=True, eq=False)
class SliceType(Type):
    """`Slice[T]` (may be written) or `View[T]` (only read): address and length."""

    element: Type
    writable: bool

    @property
    def symbol(self) -> str:
        return f"{'Slice' if self.writable else 'View'}_{self.element.symbol}"

    def __str__(self) -> str:
        return f"{'Slice' if self.writable else 'View'}[{self.element}]"


@dataclass(slots=True, eq=False)
class SharedType(Type):
    """`Shared[T]`: address and length of elements that another process may change."""

    element: Type

    @property
    def symbol(self) -> str:
        return f"Shared_{self.element.symbol}"

    def __str__(self) -> str:
        return f"Shared[{self.element}]"


@dataclass(slots=True, eq=False)
class AtomicType(Type):
    """`Atomic[T]`: storage of one number or bool, reached only by atomic operations."""

    element: Type

    @property
    def symbol(self) -> str:
        return f"Atomic_{self.element.symbol}"

    def __str__(self) -> str:
        return f"Atomic[{self.element}]"


@dataclass(slots=True, eq=False)
class FunctionType(Type):
    """`Callable[[...], T]`: the address of a function; nullable for `Callable[...] | None`."""

    parameters: tuple[Type, ...]
    result: Type
    nullable: bool = False

    @property
    def symbol(self) -> str:
        return "Function_" + "_".join(t.symbol for t in (*self.parameters, self.result))

    def __str__(self) -> str:
        inner = ", ".join(map(str, self.parameters))
        return f"Callable[[{inner}], {self.result}]" + (" | None" if self.nullable else "")


@dataclass(slots=True, eq=False)
class TupleType(Type):
    """`tuple[A, B]`: a function's several results; only destructured."""

    items: tuple[Type, ...]

    @property
    def symbol(self) -> str:
        return "Tuple_" + "_".join(t.symbol for t in self.items)

    def __str__(self) -> str:
        return f"tuple[{', '.join(map(str, self.items))}]"


@dataclass(slots=True, eq=False)
class OptionType(Type):
    """`T | None` where T is not a pointer and not a function: a value that may be missing."""

    value: Type

    @property
    def symbol(self) -> str:
        return f"Option_{self.value.symbol}"

    def __str__(self) -> str:
        return f"{self.value} | None"


@dataclass(slots=True, eq=False)
class ResultType(Type):
    """`T | E1 | E2`: a value, or a member of one of the error enums (whose members are never 0). T may be None."""

    value: Type
    errors: tuple[EnumType, ...]

    @property
    def symbol(self) -> str:
        return "Result_" + "_".join(t.symbol for t in (self.value, *self.errors))

    def __str__(self) -> str:
        return " | ".join(map(str, (self.value, *self.errors)))


class TypeTable:
    """Makes each composed type once, in an order in which a type's parts come before it."""

    def __init__(self) -> None:
        self._known: dict[tuple[object, ...], Type] = {}

    def _once(self, key: tuple[object, ...], made: Type) -> Type:
        return self._known.setdefault(key, made)

    def all(self) -> list[Type]:
        """Every composed type made so far (not structs and enums, which the program lists)."""
        return list(self._known.values())

    def pointer(self, target: Type, nullable: bool = False) -> PointerType:
        """`Ptr[target]`."""
        key = ("pointer", target, nullable)
        found = self._known.get(key)
        if found is None:
            found = self._once(key, PointerType(target, nullable))
        assert isinstance(found, PointerType)
        return found

    def raw(self, element: Type) -> RawType:
        """`RawPtr[element]`."""
        found = self._once(("raw", element), RawType(element))
        assert isinstance(found, RawType)
        return found

    def array(self, element: Type, length: int) -> ArrayType:
        """`Array[element]` of this length."""
        found = self._once(("array", element, length), ArrayType(element, length))
        assert isinstance(found, ArrayType)
        return found

    def slice(self, element: Type, writable: bool = True) -> SliceType:
        """`Slice[element]` or `View[element]`."""
        found = self._once(("slice", element, writable), SliceType(element, writable))
        assert isinstance(found, SliceType)
        return found

    def shared(self, element: Type) -> SharedType:
        """`Shared[element]`."""
        found = self._once(("shared", element), SharedType(element))
        assert isinstance(found, SharedType)
        return found

    def atomic(self, element: Type) -> AtomicType:
        """`Atomic[element]`."""
        found = self._once(("atomic", element), AtomicType(element))
        assert isinstance(found, AtomicType)
        return found

    def function(self, parameters: tuple[Type, ...], result: Type, nullable: bool = False) -> FunctionType:
        """`Callable[[parameters], result]`."""
        key = ("function", parameters, result, nullable)
        found = self._once(key, FunctionType(parameters, result, nullable))
        assert isinstance(found, FunctionType)
        return found

    def tuple(self, items: tuple[Type, ...]) -> TupleType:
        """`tuple[items]`."""
        found = self._once(("tuple", items), TupleType(items))
        assert isinstance(found, TupleType)
        return found

    def option(self, value: Type) -> OptionType:
        """`value | None`."""
        found = self._once(("option", value), OptionType(value))
        assert isinstance(found, OptionType)
        return found

    def result(self, value: Type, errors: tuple[EnumType, ...]) -> ResultType:
        """`value | errors...`; the order in which errors were written does not matter."""
        ordered = tuple(sorted(errors, key=lambda e: e.symbol_name))
        found = self._once(("result", value, ordered), ResultType(value, ordered))
        assert isinstance(found, ResultType)
        return found


def is_storage(of: Type) -> bool:
    """Whether values of this type are inline storage that is only spoken of by reference."""
    return isinstance(of, (StructType, ArrayType, AtomicType))


def is_scalar(of: Type) -> bool:
    """Whether a value of this type is one number, truth, enum member or address."""
    return of is BOOL or isinstance(
        of, (IntegerType, FloatType, EnumType, PointerType, RawType, FunctionType, DeviceType)
    )
