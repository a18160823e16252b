"""`@comptime` and `const(...)`: ordinary Python run while compiling, its result turned into constant data."""

from __future__ import annotations

import ast
import builtins
import enum
from collections.abc import Sequence

from metal.compiler import ir
from metal.compiler.diagnostics import Refused
from metal.compiler.elaborate import make
from metal.compiler.elaborate.body import Body
from metal.compiler.elaborate.unit import Unit
from metal.compiler.modules import Module, is_host_module, is_vocabulary
from metal.compiler.types import (
    BOOL,
    TEXT,
    ArrayType,
    EnumType,
    FloatType,
    IntegerType,
    OptionType,
    SliceType,
    StructType,
    Type,
)


def evaluate(body: Body, node: ast.expr) -> object:
    """What CPython gives for an expression over `@comptime` functions and constants of a module."""
    scope = host_names(body.unit, body.module)
    try:
        code = compile(ast.Expression(node), body.module.file.shown, "eval")
        return eval(code, scope)
    except Exception as error:
        text = f"running this while compiling ended with {type(error).__name__}: {error}"
        raise body.refuse(
            "M090", node, text, "only @comptime functions, constants and enums can be used here"
        ) from None


def host_names(unit: Unit, module: Module) -> dict[str, object]:
    """The names of a module that exist while compiling: imports, constants, enums and `@comptime` functions."""
    known = unit.host_values.get(module.name)
    if known is not None:
        return known
    scope: dict[str, object] = {"__builtins__": builtins, "__name__": module.name}
    unit.host_values[module.name] = scope
    for node in module.tree.body:
        if isinstance(node, ast.ImportFrom):
            _import(unit, module, node, scope)
        elif isinstance(node, ast.Import) or _belongs(module, node):
            _run(module, node, scope)
    return scope


def _import(unit: Unit, module: Module, node: ast.ImportFrom, scope: dict[str, object]) -> None:
    source = module.absolute(node)
    if is_vocabulary(source) or (is_host_module(source) and source not in unit.modules):
        _run(module, node, scope)
        return
    target = unit.modules.get(source)
    if target is None:
        return
    names = host_names(unit, target)
    for alias in node.names:
        if alias.name in names:
            scope[alias.asname or alias.name] = names[alias.name]


def _belongs(module: Module, node: ast.stmt) -> bool:
    if isinstance(node, ast.FunctionDef):
        return any(module.word(decorator) == "comptime" for decorator in node.decorator_list)
    if isinstance(node, ast.ClassDef):
        return any(module.word(base) in ("Enum", "IntEnum", "IntFlag") for base in node.bases)
    return isinstance(node, ast.AnnAssign) and module.word(node.annotation) == "Final" and node.value is not None


def _run(module: Module, node: ast.stmt, scope: dict[str, object]) -> None:
    """Run one declaration; one that needs what does not exist while compiling is left out."""
    future = ast.ImportFrom("__future__", [ast.alias("annotations")], 0)
    tree = ast.Module([ast.fix_missing_locations(future), node], [])
    try:
        exec(compile(tree, module.file.shown, "exec"), scope)
    except Exception:
        return


def array_type(body: Body, of: ArrayType, data: object, node: ast.AST) -> ArrayType:
    """The array type whose lengths are those of the data."""
    items = _items(data)
    if not items:
        raise body.refuse("M090", node, f"const() made {_shown(data)} where a list is wanted")
    element = of.element
    if isinstance(element, ArrayType) and element.length < 0:
        element = array_type(body, element, items[0], node)
    return body.types.array(element, len(items))


def _items(value: object) -> Sequence[object] | None:
    """The items of a list, tuple or bytes; None for anything else."""
    if isinstance(value, (list, tuple, bytes, bytearray)):
        items: Sequence[object] = value  # pyright: ignore[reportUnknownVariableType]
        return items  # pyright: ignore[reportUnknownVariableType]
    return None


def data(body: Body, value: object, of: Type, node: ast.AST) -> ir.Value:
    """A value of CPython as constant data of type `of`."""
    made = _data(body, value, of, node)
    if made is None:
        raise body.refuse("M090", node, f"const() made {_shown(value)} where {of} is wanted")
    return made


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 40 else f"a {type(value).__name__}"


def _data(body: Body, value: object, of: Type, node: ast.AST) -> ir.Value | None:
    span = body.span(node)
    if isinstance(of, OptionType):
        if value is None:
            return ir.OptionNone(span, of)
        inner = _data(body, value, of.value, node)
        return None if inner is None else ir.OptionSome(span, of, inner)
    if isinstance(of, EnumType) and isinstance(value, enum.Enum):
        number = of.members.get(value.name)
        return None if number is None else make.constant(span, of, number)
    if of is BOOL:
        return make.true_or_false(span, value) if isinstance(value, bool) else None
    if isinstance(of, IntegerType) and isinstance(value, int) and not isinstance(value, bool):
        if not of.low <= value <= of.high:
            raise Refused(
                "M013", span, f"{value} does not fit {of}, which const() made", f"{of} holds {of.low}..{of.high}"
            )
        return make.constant(span, of, int(value))
    if isinstance(of, FloatType) and isinstance(value, (int, float)):
        return make.constant(span, of, float(value))
    if of is TEXT and isinstance(value, str):
        return ir.TextConstant(span, TEXT, value.encode())
    if isinstance(of, SliceType) and not of.writable and isinstance(value, (bytes, bytearray)):
        return ir.TextConstant(span, of, bytes(value))
    items = _items(value)
    if isinstance(of, ArrayType) and items is not None:
        if len(items) != of.length:
            raise Refused("M090", span, f"const() made {len(items)} elements where {of} is wanted")
        return ir.ArrayValue(span, of, [data(body, item, of.element, node) for item in items])
    if isinstance(of, StructType) and items is not None and len(items) == len(of.fields):
        pairs = zip(of.fields.values(), items, strict=True)
        return ir.StructValue(span, of, {f.name: data(body, item, f.type, node) for f, item in pairs})
    return None
