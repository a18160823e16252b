"""The methods of an `@interface` class: what each carries, and the number that it is called by."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from metal.compiler.carried import Find, Uncarried, Value, value_of

CALL_ERROR = "CallError"
HASH_START = 0xCBF2_9CE4_8422_2325
HASH_PRIME = 0x0000_0100_0000_01B3
WORD = (1 << 64) - 1

Mistake = tuple[ast.AST, str, str]
"""Where, what, and what to do."""


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


def methods_of(node: ast.ClassDef, magic: dict[str, str], find: Find) -> tuple[list[Method], list[Mistake]]:
    """The methods of an interface class, and what is wrong with those that cannot be one."""
    methods: list[Method] = []
    mistakes: list[Mistake] = []
    for part in node.body:
        if isinstance(part, ast.FunctionDef):
            found = _method(part, magic, find)
            if isinstance(found, Method):
                methods.append(found)
            else:
                mistakes.append(found)
        elif not (isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant)):
            mistakes.append((part, "an interface has methods only", "keep fields in the class that implements it"))
    return methods, mistakes


def _method(node: ast.FunctionDef, magic: dict[str, str], find: Find) -> Method | Mistake:
    """One method, or the first mistake in it."""
    arguments = node.args
    if arguments.defaults or arguments.vararg or arguments.kwarg or arguments.kwonlyargs or not arguments.args:
        return node, f"{node.name} wants self and plain parameters", "give each a name and a type, no defaults"
    if not all(_is_placeholder(part) for part in node.body):
        return node.body[0], f"{node.name} is a promise, it has no body", "write ... after the colon"
    parameters: list[Value] = []
    for argument in arguments.args[1:]:
        annotation = ast.unparse(argument.annotation) if argument.annotation is not None else ""
        try:
            parameters.append(value_of(argument.arg, annotation, find))
        except Uncarried as refusal:
            return argument, f"a call cannot carry {refusal.what}", refusal.cure
    returns = ast.unparse(node.returns) if node.returns is not None else ""
    plain = without_error(returns)
    if plain == returns:
        hint = f"{CALL_ERROR} | None" if returns in ("", "None") else f"{returns} | {CALL_ERROR}"
        return node, f"{node.name} can fail, because its service may be elsewhere", f"write -> {hint}"
    try:
        result = None if plain == "None" else value_of("result", plain, find, result=True)
    except Uncarried as refusal:
        return node, f"a call cannot return {refusal.what}", refusal.cure
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
