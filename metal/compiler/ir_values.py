"""The places and values of the typed form: what expressions become."""

from __future__ import annotations

from dataclasses import dataclass

from metal.compiler.ir_base import Function, Global, Local, Place, Value
from metal.compiler.types import EnumType


@dataclass(slots=True, eq=False)
class LocalPlace(Place):
    """A local of this function."""

    local: Local


@dataclass(slots=True, eq=False)
class GlobalPlace(Place):
    """A global of the program."""

    target: Global


@dataclass(slots=True, eq=False)
class FieldPlace(Place):
    """A field of the struct that stands in another place."""

    base: Place
    name: str


@dataclass(slots=True, eq=False)
class DerefPlace(Place):
    """What a non-null pointer points at."""

    pointer: Value


@dataclass(slots=True, eq=False)
class ElementPlace(Place):
    """An element of the array that stands in another place. `index` is any integer type.

    `checked`: trap BOUNDS unless 0 <= index < length (otherwise it was proven).
    """

    base: Place
    index: Value
    checked: bool


@dataclass(slots=True, eq=False)
class SliceElementPlace(Place):
    """An element a slice (or text) reaches; `checked` as above. `slice` may be evaluated twice: it has no effects."""

    slice: Value
    index: Value
    checked: bool


@dataclass(slots=True, eq=False)
class RawElementPlace(Place):
    """`pointer[index]` of a RawPtr, unchecked."""

    pointer: Value
    index: Value


@dataclass(slots=True, eq=False)
class SharedElementPlace(Place):
    """An element of a Shared (trap BOUNDS); only below `AtomicOperation`, `SharedRead` and `SharedWrite`."""

    shared: Value
    index: Value


@dataclass(slots=True, eq=False)
class Constant(Value):
    """A number, bool (0 or 1) or enum member (its number); floats hold a float."""

    value: int | float


@dataclass(slots=True, eq=False)
class TextConstant(Value):
    """Constant bytes: type `str` or `View[u8]`."""

    data: bytes


@dataclass(slots=True, eq=False)
class Null(Value):
    """None of a nullable pointer or function type."""


@dataclass(slots=True, eq=False)
class FunctionReference(Value):
    """The address of a function; the type is a FunctionType."""

    function: Function


@dataclass(slots=True, eq=False)
class Load(Value):
    """What stands in a place."""

    place: Place


@dataclass(slots=True, eq=False)
class AddressOf(Value):
    """A pointer to a place; the type is a PointerType to the place's type, never null."""

    place: Place


@dataclass(slots=True, eq=False)
class Negate(Value):
    """`-x`: 0 - x. `checked`: trap OVERFLOW when it leaves the type; otherwise it wraps. Floats: never checked."""

    operand: Value
    checked: bool


@dataclass(slots=True, eq=False)
class Invert(Value):
    """`~x`: every bit of the width turned over."""

    operand: Value


@dataclass(slots=True, eq=False)
class Not(Value):
    """`not x` of a bool."""

    operand: Value


@dataclass(slots=True, eq=False)
class Binary(Value):
    """Arithmetic on two operands of the node's type (a shift count may have any integer type).

    `operation`: `+ - * // % & | ^ << >>` for integers, `+ - * /` for floats. `//` and `%` are Python's floor.
    `checked`: for `+ - *` trap OVERFLOW when the result leaves the type (else wrap); for `//` and `%` trap DIVISION
    on zero and OVERFLOW on MIN // -1; for shifts trap SHIFT when the count is not below the width. Unchecked `//`, `%`
    and shifts have a constant right operand for which nothing can fail. `<<` drops bits that leave the type; `>>` of a
    signed type keeps the sign. wN types wrap and are `checked=False` for `+ - *`.
    """

    operation: str
    left: Value
    right: Value
    checked: bool


@dataclass(slots=True, eq=False)
class Compare(Value):
    """`== != < <= > >=` of two values of one scalar type (pointers, bools, enums and functions: only == and !=).

    Two `str` or two `View[u8]`-like slices of integers compare their contents with == and !=.
    """

    operation: str
    left: Value
    right: Value


@dataclass(slots=True, eq=False)
class And(Value):
    """Short-circuit `left and right` of bools."""

    left: Value
    right: Value


@dataclass(slots=True, eq=False)
class Or(Value):
    """Short-circuit `left or right` of bools."""

    left: Value
    right: Value


@dataclass(slots=True, eq=False)
class Select(Value):
    """`then if condition else otherwise`: only the chosen one is evaluated."""

    condition: Value
    then: Value
    otherwise: Value


@dataclass(slots=True, eq=False)
class Convert(Value):
    """A number as another type.

    `mode` "exact": the value always fits (widening, bool or enum to integer, equal width with a proof);
    "checked": trap CONVERSION unless it fits (also float to integer, which drops the fraction, and integer to enum,
    which traps unless a member has the number); "wrap": the low bits; "float": to or between floats, rounding.
    """

    operand: Value
    mode: str


@dataclass(slots=True, eq=False)
class Call(Value):
    """A direct call."""

    function: Function
    arguments: list[Value]


@dataclass(slots=True, eq=False)
class CallIndirect(Value):
    """A call through a function value that is not null."""

    function: Value
    arguments: list[Value]


@dataclass(slots=True, eq=False)
class SliceOfArray(Value):
    """The slice or view over a whole array in a place."""

    place: Place


@dataclass(slots=True, eq=False)
class SliceCut(Value):
    """`s[a:b]`: trap SLICE unless 0 <= low <= high <= length; None means 0 and length. Also of text and views.

    `slice` may be evaluated more than once: it has no effects.
    """

    slice: Value
    low: Value | None
    high: Value | None


@dataclass(slots=True, eq=False)
class SliceAs(Value):
    """The same address and length as another slice type: Slice to View, str to View[u8], View[u8] to str."""

    slice: Value


@dataclass(slots=True, eq=False)
class SliceMake(Value):
    """A slice, view or shared from an address (u64) and a length (u64), unchecked."""

    address: Value
    length: Value


@dataclass(slots=True, eq=False)
class SliceLength(Value):
    """The length (u64) of a slice, view, text or shared."""

    slice: Value


@dataclass(slots=True, eq=False)
class AddressValue(Value):
    """An address as another kind of address: u64, Ptr, RawPtr, function or device, in any direction; unchecked.

    From a slice: the address of its first element. A pointer to nullable pointer is this node too.
    """

    operand: Value


@dataclass(slots=True, eq=False)
class TupleValue(Value):
    """A tuple of these values."""

    items: list[Value]


@dataclass(slots=True, eq=False)
class TupleItem(Value):
    """One item of a tuple; `tuple` has no effects."""

    tuple: Value
    index: int


@dataclass(slots=True, eq=False)
class OptionNone(Value):
    """The missing value of an OptionType."""


@dataclass(slots=True, eq=False)
class OptionSome(Value):
    """A present value of an OptionType."""

    value: Value


@dataclass(slots=True, eq=False)
class OptionIsSome(Value):
    """Whether an option holds a value (bool)."""

    option: Value


@dataclass(slots=True, eq=False)
class OptionValue(Value):
    """The value of an option that is known to hold one."""

    option: Value


@dataclass(slots=True, eq=False)
class ResultOk(Value):
    """The good value of a ResultType; `value` is None when the type's value is None."""

    value: Value | None


@dataclass(slots=True, eq=False)
class ResultError(Value):
    """An error of a ResultType; the enum of `error` is one of the type's errors."""

    error: Value


@dataclass(slots=True, eq=False)
class ResultIs(Value):
    """Whether a result is an error of this enum (bool); `error` None asks whether it is the good value."""

    result: Value
    error: EnumType | None


@dataclass(slots=True, eq=False)
class ResultValue(Value):
    """The good value of a result that is known to have one."""

    result: Value


@dataclass(slots=True, eq=False)
class ResultErrorValue(Value):
    """The error of a result that is known to be an error of the node's enum type."""

    result: Value


@dataclass(slots=True, eq=False)
class StructValue(Value):
    """All fields of a struct, in order of declaration."""

    fields: dict[str, Value]


@dataclass(slots=True, eq=False)
class ArrayValue(Value):
    """All elements of an array."""

    elements: list[Value]


@dataclass(slots=True, eq=False)
class RepeatValue(Value):
    """An array whose elements all have one constant value."""

    element: Value


@dataclass(slots=True, eq=False)
class Zero(Value):
    """Storage of all zero bytes (also an atomic that starts at 0)."""


@dataclass(slots=True, eq=False)
class AtomicValue(Value):
    """The initial value of an atomic."""

    value: Value


@dataclass(slots=True, eq=False)
class AtomicOperation(Value):
    """`load store exchange add sub and or xor cas` on an AtomicType place or an element of a Shared.

    `arguments`: none for load; value; (old, new) for cas, whose type is bool. Arithmetic wraps; it gives the old value.
    `order`: relaxed acquire release acq_rel seq_cst.
    """

    operation: str
    place: Place
    arguments: list[Value]
    order: str


@dataclass(slots=True, eq=False)
class SharedRead(Value):
    """One fetch of one number from shared memory."""

    place: SharedElementPlace


INTRINSICS: dict[str, str] = {
    "rotl": "(value wN, count): bits turned left; the count has any integer type, trap SHIFT unless below the width",
    "rotr": "(value wN, count): bits turned right, as rotl",
    "leading_zeros": "(u64) -> u64, 64 for 0",
    "trailing_zeros": "(u64) -> u64, 64 for 0",
    "popcount": "(u64) -> u64",
    "mmio_read": "(address u64) -> integer of the node's type, one volatile access of that width",
    "mmio_write": "(address u64, value): one volatile access of the value's width",
    "fence": "constants (order,)",
    "copy": "(destination Slice, source View): trap SLICE unless lengths are equal; memmove",
    "fill": "(destination Slice, value): store the scalar value in every element",
    "shared_write": "(shared, index u64, value): trap BOUNDS; one store",
    "shared_copy_out": "(shared, start u64, destination Slice): trap SLICE unless start + length fits",
    "shared_copy_in": "(shared, start u64, source View): trap SLICE unless start + length fits",
    "shared_fetch": "(shared, index u64, pointer to struct): trap BOUNDS; copy out",
    "shared_put": "(shared, index u64, pointer to struct): trap BOUNDS; copy in",
    "symbol_address": "constants (name,) -> u64",
    "kernel_call": "(handle u64, reply u64, pointer to Words), constants (operation,) -> tuple[u64, u64]",
    "asm": "(operands u64...), constants (template, clobber)",
    "asm64": "(operands u64...), constants (template, clobber) -> u64; the result is %0",
}


@dataclass(slots=True, eq=False)
class Intrinsic(Value):
    """An operation of the machine; the table INTRINSICS says what each takes and does."""

    name: str
    arguments: list[Value]
    constants: tuple[str | int, ...] = ()
