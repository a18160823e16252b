"""What the methods of an `@interface` class carry: each parameter and result as words of a message."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass

CALL_ERROR = "CallError"
HANDLE = "Handle"
INTEGERS = {f"{sign}{bits}" for sign in "uiw" for bits in (8, 16, 32, 64)}
FLOATS = {"f32", "f64"}
TEXTS = {"str", "View[u8]", "Slice[u8]"}
HASH_START = 0xCBF2_9CE4_8422_2325
HASH_PRIME = 0x0000_0100_0000_01B3
WORD = (1 << 64) - 1

Members = tuple[tuple[str, int], ...]
"""The names and numbers of an enum."""

FindEnum = Callable[[str], Members | None]
"""The members of the enum that a name means where the interface is declared, or None when it means no enum."""

Mistake = tuple[ast.AST, str, str]
"""Where, what, and what to do."""


@dataclass(frozen=True)
class Value:
    """One parameter or result: how it goes into a message and comes out of it."""

    name: str
    annotation: str
    members: Members = ()

    @property
    def kind(self) -> str:
        """The type as it counts for the method's number: an enum with all its members."""
        members = ",".join(f"{name}={number}" for name, number in self.members)
        return f"{self.annotation}{{{members}}}" if members else self.annotation

    @property
    def bytes_like(self) -> bool:
        """Whether it is a run of bytes rather than one word."""
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
        """The conversion that `take` uses, or that `view` does."""
        if self.annotation == "str":
            return ("as_text",)
        if self.annotation in INTEGERS and self.annotation != "u64":
            return (self.annotation.upper(),)
        return ("F32",) if self.annotation == "f32" else ()

    @property
    def widens(self) -> tuple[str, ...]:
        """The conversion that `put` uses."""
        if self.annotation in INTEGERS and self.annotation != "u64":
            return ("I64",) if self.annotation[0] == "i" else ("U64",)
        if self.members:
            return ("U64",)
        return ("F64",) if self.annotation == "f32" else ()

    def put(self, expression: str) -> str:
        """The call that appends it to a message."""
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
            return f"put(motet_U64({expression}.value))"
        if self.annotation in FLOATS:
            return f"put_float({expression if self.annotation == 'f64' else f'motet_F64({expression})'})"
        kind = "unsigned" if self.annotation in INTEGERS and self.annotation[0] != "i" else "signed"
        return f"put_{kind}(motet_{'U' if kind == 'unsigned' else 'I'}64({expression}))"

    def take(self, message: str, prefix: str) -> str:
        """The expression that takes it out of a message; a word out of range spoils the message, it does not trap."""
        if self.annotation == "bool":
            return f"{message}.take_bool()"
        if self.annotation == "u64":
            return f"{message}.take()"
        if self.annotation == HANDLE:
            return f"{message}.take_handle()"
        if self.members:
            return f"{prefix}take_{self.annotation}({message})"
        if self.annotation in FLOATS:
            taken = f"{message}.take_float()"
            return taken if self.annotation == "f64" else f"{prefix}F32({taken})"
        sign, bits = self.annotation[0], self.annotation[1:]
        way = "signed" if sign == "i" else "unsigned"
        return f"{prefix}{self.annotation.upper()}({message}.take_{way}({bits}))"

    def view(self, part: str, prefix: str) -> str:
        """The bytes as the method wants them."""
        return f"{prefix}as_text({part})" if self.annotation == "str" else part


@dataclass(frozen=True)
class Method:
    """One method of an interface."""

    name: str
    node: ast.FunctionDef
    parameters: tuple[Value, ...]
    result: Value | None
    returns: str
    plain_returns: str
    idempotent: bool
    posted: bool

    def identity(self, interface: str) -> str:
        """A number made of the name and all types: two sides that differ in any do not understand each other."""
        types = ",".join(p.kind for p in self.parameters)
        result = self.result.kind if self.result is not None else "None"
        value = HASH_START
        for byte in f"{interface}.{self.name}({types})->{result}".encode():
            value = ((value ^ byte) * HASH_PRIME) & WORD
        return f"0x{value:016X}"


def value_of(name: str, annotation: str, find_enum: FindEnum, result: bool = False) -> Value | None:
    """The value that an annotation describes, or None when no message can carry it."""
    plain = annotation == "bool" or annotation in INTEGERS or annotation in FLOATS
    if plain or (annotation in (*TEXTS, HANDLE) and not result):
        return Value(name, annotation)
    members = find_enum(annotation)
    return Value(name, annotation, members) if members else None


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


def methods_of(node: ast.ClassDef, magic: dict[str, str], find_enum: FindEnum) -> tuple[list[Method], list[Mistake]]:
    """The methods of an interface class, and what is wrong with those that cannot be one."""
    methods: list[Method] = []
    mistakes: list[Mistake] = []
    for part in node.body:
        if isinstance(part, ast.FunctionDef):
            found = _method(part, magic, find_enum)
            if isinstance(found, Method):
                methods.append(found)
            else:
                mistakes.append(found)
        elif not (isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant)):
            mistakes.append((part, "an interface has methods only", "keep fields in the class that implements it"))
    return methods, mistakes


def _method(node: ast.FunctionDef, magic: dict[str, str], find_enum: FindEnum) -> Method | Mistake:
    """One method, or the first mistake in it."""
    arguments = node.args
    if arguments.defaults or arguments.vararg or arguments.kwarg or arguments.kwonlyargs or not arguments.args:
        return node, f"{node.name} wants self and plain parameters", "give each a name and a type, no defaults"
    if not all(_is_placeholder(part) for part in node.body):
        return node.body[0], f"{node.name} is a promise, it has no body", "write ... after the colon"
    parameters: list[Value] = []
    for argument in arguments.args[1:]:
        annotation = ast.unparse(argument.annotation) if argument.annotation is not None else ""
        value = value_of(argument.arg, annotation, find_enum)
        if value is None:
            cure = "use bool, a number, an enum, str, View[u8] (bytes in) or Slice[u8] (bytes the service fills)"
            return argument, f"a call cannot carry {annotation or 'a value without a type'}", cure
        parameters.append(value)
    returns = ast.unparse(node.returns) if node.returns is not None else ""
    plain = without_error(returns)
    if plain == returns:
        hint = f"{CALL_ERROR} | None" if returns in ("", "None") else f"{returns} | {CALL_ERROR}"
        return node, f"{node.name} can fail, because its service may be elsewhere", f"write -> {hint}"
    result = None if plain == "None" else value_of("result", plain, find_enum, result=True)
    if plain != "None" and result is None:
        return node, f"a call cannot return {plain}", \
            "return bool, a number, an enum or None; bytes come back in a Slice[u8] parameter"  # fmt: skip
    if result is not None and any(magic.get(d.id) == "posted" for d in node.decorator_list if isinstance(d, ast.Name)):
        return node, f"nobody waits for {node.name}, so it has no result", f"write -> {CALL_ERROR} | None"
    marks = {magic.get(d.id) for d in node.decorator_list if isinstance(d, ast.Name)}
    return Method(node.name, node, tuple(parameters), result, returns, plain, "idempotent" in marks,
                  "posted" in marks)  # fmt: skip


def without_error(returns: str) -> str:
    """A return annotation without the error; unchanged when it names none."""
    parts = [part.strip() for part in returns.split("|")]
    rest = [part for part in parts if part != CALL_ERROR]
    return returns if len(rest) == len(parts) else " | ".join(rest)


def _is_placeholder(part: ast.stmt) -> bool:
    return isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant)
