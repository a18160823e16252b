"""What a call can carry: each type as words that go into a message and come out of it in the same order."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass

HANDLE = "Handle"
INTEGERS = {f"{sign}{bits}" for sign in "uiw" for bits in (8, 16, 32, 64)}
FLOATS = {"f32", "f64"}
TEXTS = {"str", "View[u8]", "Slice[u8]"}
UNKNOWN_WORDS = 1 << 16
"""How many words are reckoned for what has no length known here: more than registers hold."""

Members = tuple[tuple[str, int], ...]
"""The names and numbers of an enum."""


@dataclass(frozen=True)
class Declared:
    """A class, the module it stands in, and how the names in its body are looked up."""

    node: ast.ClassDef
    module: str
    find: Find


Find = Callable[[str], Declared | None]
"""The class that a name means where it is written, or None when it means none."""


class Uncarried(Exception):
    """A type that no message can carry: which, and what to use instead."""

    def __init__(self, what: str, cure: str) -> None:
        super().__init__(what)
        self.what, self.cure = what, cure


@dataclass(frozen=True)
class Value:
    """A parameter, a result, or a field of one: how it goes into a message and comes out of it."""

    name: str
    annotation: str
    members: Members = ()
    fields: tuple[Value, ...] = ()
    """What a struct consists of."""
    length: str = ""
    """The length of an array, as it was written; the annotation is that of an element."""
    module: str = ""
    """Where an enum or a struct is declared."""

    @property
    def kind(self) -> str:
        """The type as it counts for the method's number: an enum with all its members, a struct with all its fields."""
        members = ",".join(f"{name}={number}" for name, number in self.members)
        fields = ",".join(f"{field.name}:{field.kind}" for field in self.fields)
        inner = f"{{{members or fields}}}" if members or fields else ""
        return f"{self.annotation}{inner}" + (f"[{self.length}]" if self.length else "")

    @property
    def words(self) -> int:
        """How many words it takes, at least."""
        if self.fields:
            return sum(field.words for field in self.fields)
        return UNKNOWN_WORDS if self.length or self.bytes_like else 1

    @property
    def bytes_like(self) -> bool:
        """Whether it is a run of bytes rather than words."""
        return self.annotation in TEXTS

    @property
    def filled(self) -> bool:
        """Whether the service fills it: a Slice can be written, a View and a text are only read."""
        return self.annotation == "Slice[u8]"

    @property
    def taker(self) -> str:
        """The method of a message that takes a run of bytes."""
        return {"str": "take_text", "View[u8]": "take_bytes"}.get(self.annotation, "take_room")

    @property
    def needs(self) -> tuple[str, ...]:
        """The conversions that taking it uses, or that `view` does."""
        if self.fields:
            return tuple(name for field in self.fields for name in field.needs)
        if self.annotation == "str":
            return ("as_text",)
        if self.annotation in INTEGERS and self.annotation != "u64":
            return (self.annotation.upper(),)
        return ("F32",) if self.annotation == "f32" else ()

    @property
    def widens(self) -> tuple[str, ...]:
        """The conversions that putting it uses."""
        if self.fields:
            return tuple(name for field in self.fields for name in field.widens)
        if self.annotation in INTEGERS and self.annotation != "u64":
            return ("I64",) if self.annotation[0] == "i" else ("U64",)
        if self.members:
            return ("U64",)
        return ("F64",) if self.annotation == "f32" else ()

    def enums(self) -> Iterator[Value]:
        """The enums in it, itself or in its fields."""
        if self.members:
            yield self
        for field in self.fields:
            yield from field.enums()

    def put(self, expression: str, prefix: str) -> str:
        """The call that appends one word, or one run of bytes, to a message."""
        if self.filled:
            return f"put_room({expression})"
        if self.annotation == "str":
            return f"put_text({expression})"
        if self.bytes_like:
            return f"put_bytes({expression})"
        if self.annotation == "bool":
            return f"put_bool({expression})"
        if self.annotation == "u64":
            return f"put({expression})"
        if self.annotation == HANDLE:
            return f"put_handle({expression})"
        if self.members:
            return f"put({prefix}U64({expression}.value))"
        if self.annotation in FLOATS:
            return f"put_float({expression if self.annotation == 'f64' else f'{prefix}F64({expression})'})"
        kind = "unsigned" if self.annotation[0] != "i" else "signed"
        return f"put_{kind}({prefix}{'U' if kind == 'unsigned' else 'I'}64({expression}))"

    def put_all(self, message: str, expression: str, prefix: str) -> list[str]:
        """The statements that append it to a message, field by field and element by element."""
        if self.length and self.annotation == "u8":
            return [f"{message}.put_bytes({expression})"]
        if self.length:
            element = f"{expression}[{prefix}index]"
            return [f"{message}.put(len({expression}))", f"for {prefix}index in range(len({expression})):",
                    f"    {message}.{self.put(element, prefix)}"]  # fmt: skip
        if self.fields:
            parts = (field.put_all(message, f"{expression}.{field.name}", prefix) for field in self.fields)
            return [line for part in parts for line in part]
        return [f"{message}.{self.put(expression, prefix)}"]

    def take(self, message: str, prefix: str) -> str:
        """The expression that takes one word out of a message; one out of range spoils it, and traps nothing."""
        if self.annotation == "bool":
            return f"{message}.take_bool()"
        if self.annotation == "u64":
            return f"{message}.take()"
        if self.annotation == HANDLE:
            return f"{message}.take_handle()"
        if self.members:
            return f"{self.taker_of_enum(prefix)}({message})"
        if self.annotation in FLOATS:
            taken = f"{message}.take_float()"
            return taken if self.annotation == "f64" else f"{prefix}F32({taken})"
        sign, bits = self.annotation[0], self.annotation[1:]
        way = "signed" if sign == "i" else "unsigned"
        return f"{prefix}{self.annotation.upper()}({message}.take_{way}({bits}))"

    def take_all(self, message: str, target: str, prefix: str) -> list[str]:
        """The statements that take a struct's fields and elements out of a message, into storage that is there."""
        if self.length and self.annotation == "u8":
            return [f"{message}.take_filled({target})"]
        if self.length:
            return [f"{message}.take_length(len({target}))", f"for {prefix}index in range(len({target})):",
                    f"    {target}[{prefix}index] = {self.take(message, prefix)}"]  # fmt: skip
        if self.fields:
            parts = (field.take_all(message, f"{target}.{field.name}", prefix) for field in self.fields)
            return [line for part in parts for line in part]
        return [f"{target} = {self.take(message, prefix)}"]

    def taker_of_enum(self, prefix: str) -> str:
        """The function that takes an enum out of a message."""
        return f"{prefix}take_{self.module.replace('.', '_')}_{self.annotation}"

    def view(self, part: str, prefix: str) -> str:
        """The bytes as the method wants them."""
        return f"{prefix}as_text({part})" if self.annotation == "str" else part


def value_of(name: str, annotation: str, find: Find, result: bool = False) -> Value:
    """The value that the annotation of a parameter or a result describes.

    Raises Uncarried when no message can carry it.
    """
    if annotation in (TEXTS - {"Slice[u8]"} if result else TEXTS | {HANDLE}):
        return Value(name, annotation)
    found = _plain_value(name, annotation, find, ())
    if found is not None:
        return found
    if result:
        raise Uncarried(annotation, "return bool, a number, an enum, a struct, str, View[u8] or None")
    raise Uncarried(annotation or "a value without a type",
                    "use bool, a number, an enum, a struct, str, View[u8] (bytes in) or Slice[u8] (bytes the service "
                    "fills)")  # fmt: skip


def referred(annotation: str) -> str:
    """The struct that a parameter or a result refers to: `Ptr[T]` and `T` say the same there."""
    return annotation[len("Ptr[") : -1] if annotation.startswith("Ptr[") and annotation.endswith("]") else annotation


def _plain_value(name: str, annotation: str, find: Find, around: tuple[str, ...]) -> Value | None:
    """What can be a parameter, a result and a field: a number, a truth value, an enum, or a struct of such."""
    if annotation == "bool" or annotation in INTEGERS or annotation in FLOATS:
        return Value(name, annotation)
    # In a struct, a Ptr would point out of the message.
    plain = annotation if around else referred(annotation)
    declared = find(plain)
    if declared is None:
        return None
    members = members_of(declared.node)
    if members:
        return Value(name, plain, members, module=declared.module)
    if any(ast.unparse(mark) == "struct" for mark in declared.node.decorator_list):
        fields = _fields_of(declared, (*around, plain), name if around else "")
        return Value(name, plain, fields=fields, module=declared.module)
    return None


def _fields_of(declared: Declared, around: tuple[str, ...], before: str) -> tuple[Value, ...]:
    """The fields of a struct that travels by value: inside the structs `around`, of which it is the field `before`."""
    fields: list[Value] = []
    outer = around[0]
    for part in declared.node.body:
        if not isinstance(part, ast.AnnAssign):
            continue
        name, annotation = ast.unparse(part.target), ast.unparse(part.annotation)
        path = f"{before}.{name}" if before else name
        if part.value is None:
            cure = f"give {name} a value; who receives a struct makes it before it is filled"
            raise Uncarried(f"{outer}: its field {path} has no default", cure)
        length, element = _array_of(annotation, part.value)
        field = None if element in around else _plain_value(path, element, declared.find, around)
        if field is None or (length and field.fields):
            raise Uncarried(f"{outer}: its field {path} is {annotation}",
                            "a struct travels when it has bool, numbers, enums, arrays of these, and structs; text "
                            "and bytes are parameters of their own")  # fmt: skip
        fields.append(Value(name, field.annotation, field.members, field.fields, length, field.module))
    if not fields:
        raise Uncarried(f"{outer}: it has no fields", "leave it out")
    return tuple(fields)


def _array_of(annotation: str, default: ast.expr) -> tuple[str, str]:
    """The length and the element's type of an array; no length, and the type itself, of anything else."""
    if annotation.startswith("Array[") and isinstance(default, ast.Call) and len(default.args) == 1:
        return ast.unparse(default.args[0]), annotation.removeprefix("Array[").removesuffix("]")
    return "", annotation


def members_of(node: ast.ClassDef) -> Members | None:
    """The members of an enum class, or None for another class or one whose members are no plain numbers."""
    if not any(ast.unparse(base).split(".")[-1] in ("Enum", "IntEnum") for base in node.bases):
        return None
    found: list[tuple[str, int]] = []
    for part in node.body:
        if isinstance(part, ast.Assign):
            number = part.value.value if isinstance(part.value, ast.Constant) else None
            if not isinstance(number, int) or not isinstance(part.targets[0], ast.Name):
                return None
            found.append((part.targets[0].id, number))
    return tuple(found)
