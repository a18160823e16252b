"""Modules, and what a name at their level may stand for."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from metal.compiler import ir
from metal.compiler.source import SourceFile
from metal.compiler.types import DeviceType, EnumType, StructType, Type


@dataclass(slots=True, eq=False)
class Symbol:
    """Base of all symbols."""

    name: str


@dataclass(slots=True, eq=False)
class Module:
    """One module of the program: its file, its syntax tree, the names it declares, the powers it asked for."""

    name: str
    file: SourceFile
    tree: ast.Module
    is_package: bool = False
    names: dict[str, Symbol] = field(default_factory=dict[str, Symbol])
    shared_with: list[str] = field(default_factory=list[str])
    """Modules whose every name is a name of this one too: `from x import *`."""
    unsafe: bool = False
    foreign: bool = False
    overflow: str | None = None

    def word(self, node: ast.expr | None) -> str:
        """The word of the vocabulary at the head of a name, call or subscript, under whatever name it was imported."""
        while isinstance(node, (ast.Call, ast.Subscript)):
            node = node.func if isinstance(node, ast.Call) else node.value
        if isinstance(node, ast.Attribute):
            return node.attr
        if not isinstance(node, ast.Name):
            return ""
        symbol = self.names.get(node.id)
        return symbol.name if isinstance(symbol, Vocabulary) else node.id

    def absolute(self, node: ast.ImportFrom) -> str:
        """The full name of the module an import statement speaks of."""
        if not node.level:
            return node.module or ""
        parts = self.name.split(".")
        kept = parts[: len(parts) - node.level + (1 if self.is_package else 0)]
        return ".".join([*kept, node.module] if node.module else kept)


@dataclass(slots=True, eq=False)
class Vocabulary(Symbol):
    """A name of `metal`, `typing`, `enum`, or a builtin of Python that the language keeps."""


@dataclass(slots=True, eq=False)
class HostName(Symbol):
    """A name from a module of CPython: for `@comptime` functions only."""


@dataclass(slots=True, eq=False)
class BrokenName(Symbol):
    """A name whose declaration was refused: uses of it are silent."""


@dataclass(slots=True, eq=False)
class ModuleName(Symbol):
    """Another module of the program, as `import a.b` or `from a import b` names it."""

    target: str


@dataclass(slots=True, eq=False)
class Imported(Symbol):
    """A name of another module; looked up when it is used, so that modules may import each other."""

    source: str
    original: str
    node: ast.AST


@dataclass(slots=True, eq=False)
class StructName(Symbol):
    """A `@struct` class; a generic one has an instance for each list of arguments."""

    module: Module
    node: ast.ClassDef
    variables: list[str]
    instances: dict[tuple[Type, ...], StructType] = field(default_factory=dict[tuple[Type, ...], StructType])
    methods: dict[str, FunctionName] = field(default_factory=dict[str, "FunctionName"])
    align_node: ast.expr | None = None


@dataclass(slots=True, eq=False)
class EnumName(Symbol):
    """An enum class."""

    module: Module
    node: ast.ClassDef
    type: EnumType | None = None


@dataclass(slots=True, eq=False)
class DeviceName(Symbol):
    """A class of device registers."""

    module: Module
    node: ast.ClassDef
    type: DeviceType | None = None


@dataclass(slots=True, eq=False)
class ProtocolName(Symbol):
    """A Protocol: the type checker's business; modules and structs may be declared to follow it."""

    module: Module
    node: ast.ClassDef


@dataclass(slots=True, eq=False)
class FunctionName(Symbol):
    """A function or method; a generic one has an instance for each list of arguments."""

    module: Module
    node: ast.FunctionDef
    owner: StructName | None = None
    variables: list[str] = field(default_factory=list[str])
    instances: dict[tuple[Type, ...], ir.Function] = field(default_factory=dict[tuple[Type, ...], "ir.Function"])
    comptime: bool = False
    appender: bool = False
    static: bool = False


@dataclass(slots=True, eq=False)
class ConstantName(Symbol):
    """`NAME: Final = ...`: evaluated when first used."""

    module: Module
    annotation: ast.expr | None
    node: ast.expr
    span_node: ast.AST
    value: ir.Value | None = None
    busy: bool = False
    global_: ir.Global | None = None
    symbol: Symbol | None = None
    """Set when the constant only names something else, such as a module that follows a Protocol."""


@dataclass(slots=True, eq=False)
class GlobalName(Symbol):
    """A module's variable."""

    module: Module
    annotation: ast.expr
    node: ast.expr | None
    span_node: ast.AST
    target: ir.Global | None = None
    busy: bool = False


@dataclass(slots=True, eq=False)
class AliasName(Symbol):
    """`Handler: TypeAlias = ...`."""

    module: Module
    node: ast.expr


@dataclass(slots=True, eq=False)
class TypeVariable(Symbol):
    """`T = TypeVar("T")`."""
