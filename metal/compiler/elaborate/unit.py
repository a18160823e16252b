"""What is known about the whole program while it is elaborated: its modules, its finished pieces, the work left."""

from __future__ import annotations

import difflib
from collections.abc import Callable

import metal
from metal.compiler import ir
from metal.compiler.diagnostics import Diagnostics, Refused, Silenced, own_failure
from metal.compiler.modules import Loader, Module, is_vocabulary
from metal.compiler.options import Options
from metal.compiler.parse import span_of
from metal.compiler.source import Span
from metal.compiler.symbols import (
    BrokenName,
    ConstantName,
    HostName,
    Imported,
    ModuleName,
    StructName,
    Symbol,
    Vocabulary,
)
from metal.compiler.types import EnumType, NamedType, StructType, Type, TypeTable


class Unit:
    """One compilation."""

    def __init__(self, loader: Loader, options: Options, diagnostics: Diagnostics) -> None:
        self.loader = loader
        self.options = options
        self.diagnostics = diagnostics
        self.types = TypeTable()
        self.functions: list[ir.Function] = []
        self.globals: list[ir.Global] = []
        self.structs: list[StructType] = []
        self.enums: list[EnumType] = []
        self.fieldless: dict[StructType, tuple[StructName, tuple[Type, ...]]] = {}
        """Structs that were named behind a pointer while another struct's fields were being found out."""
        self.in_struct = False
        self.reaching = 0
        self.calls: dict[ir.Function, list[ir.Function]] = {}
        self.waiting: list[Callable[[], None]] = []
        """Bodies of functions that are still to be lowered."""
        self.broken: set[ir.Function] = set()
        """Functions with a mistake: what is left of their bodies is not worth checking."""
        self.unsigned: set[ir.Function] = set()
        """Functions whose parameters or result could not be made out, so that calls of them say nothing more."""
        self.host_values: dict[str, dict[str, object]] = {}
        """For `const`: the names of each module as CPython sees them."""

        self._variables: dict[str, Type] = {}

    @property
    def modules(self) -> dict[str, Module]:
        """All modules of the program, by name."""
        return self.loader.modules

    def run_waiting(self) -> None:
        """Lower what is waiting; lowering may find more work."""
        while self.waiting:
            self.guarded(self.files_start(), self.waiting.pop())

    def files_start(self) -> Span:
        """The first line of the program, for a failure that belongs to no line."""
        return Span(self.loader.files[0], 1, 0, 1, 1)

    def guarded(self, span: Span, step: Callable[[], None]) -> None:
        """Take one step; whatever it refuses, or fails at, is kept as a diagnostic."""
        try:
            step()
        except Refused as refused:
            self.diagnostics.note(refused)
        except Exception as error:
            self.diagnostics.note(own_failure(span, error))

    def type_variable(self, name: str) -> Type:
        """Stands for a type variable where only signatures are compared."""
        return self._variables.setdefault(name, NamedType(name))

    def resolve(self, module: Module, name: str) -> Symbol | None:
        """What a name means in a module, through imports."""
        symbol = self.own_name(module, name)
        if symbol is None:
            return BUILTINS.get(name)
        if isinstance(symbol, Imported):
            symbol = self._follow(module, symbol)
            module.names[name] = symbol
        if isinstance(symbol, BrokenName):
            raise Silenced(Span(module.file, 1, 0, 1, 1), f"{name} was refused where it is declared")
        if isinstance(symbol, ConstantName) and symbol.symbol is not None:
            return symbol.symbol
        return symbol

    def inside(self, module: ModuleName, name: str) -> Symbol | None:
        """What `module.name` means: a name of the module, or a module or folder below it."""
        known, below = self.modules.get(module.target), f"{module.target}.{name}"
        if known is not None and self.own_name(known, name) is not None:
            return self.resolve(known, name)
        if below in self.modules or any(other.startswith(f"{below}.") for other in self.modules):
            return ModuleName(name, below)
        return None

    def own_name(self, module: Module, name: str) -> Symbol | None:
        """A name that a module declares, imports, or shares with another (`from x import *`)."""
        symbol = module.names.get(name)
        if symbol is None:
            for source in module.shared_with:
                shared = self.modules[source]
                symbol = self.own_name(shared, name)
                if symbol is not None:
                    return symbol
        return symbol

    def _follow(self, module: Module, imported: Imported) -> Symbol:
        seen: set[tuple[str, str]] = set()
        source, original = imported.source, imported.original
        while True:
            if (source, original) in seen:
                raise Refused("M005", span_of(module.file, imported.node), f"the import of {original} goes in a circle")
            seen.add((source, original))
            target = self.modules.get(source)
            found = self.own_name(target, original) if target is not None else None
            if found is None:
                if target is None and f"{source}.{original}" not in self.modules and not self._is_folder(source):
                    raise Silenced(span_of(module.file, imported.node), f"there is no module {source}")
                if f"{source}.{original}" in self.modules:
                    return ModuleName(original, f"{source}.{original}")
                hint = nearest(original, list(target.names) if target is not None else [])
                span = span_of(module.file, imported.node)
                raise Refused("M005", span, f"{source} has no name {original}", hint)
            if not isinstance(found, Imported):
                return found
            source, original = found.source, found.original

    def _is_folder(self, name: str) -> bool:
        return any((root / name.replace(".", "/")).is_dir() for root in self.loader.roots)


def advice(name: str, known: list[str]) -> str:
    """What an unknown name may have been meant to be: a word to import, or a near spelling."""
    for module, words in (("metal", metal.__all__), *_TYPING.items()):
        if name in words:
            return f"it is a name of {module}: from {module} import {name}"
    return nearest(name, [*known, *BUILTINS])


def nearest(name: str, known: list[str]) -> str:
    """A hint that names the nearest known spelling, or nothing."""
    close = difflib.get_close_matches(name, known, 1)
    return f"did you mean {close[0]}?" if close else ""


def vocabulary_symbol(module: str, name: str) -> Symbol | None:
    """What a name imported from the language's own modules, or from CPython's, means; None when it has none."""
    if is_vocabulary(module):
        if name in metal.__all__ or module == "metal.types.traps":
            return Vocabulary(name)
        return None
    if name in _TYPING.get(module, ()):
        return Vocabulary(name)
    return HostName(name)


_TYPING: dict[str, frozenset[str]] = {
    "typing": frozenset(
        ("Final", "Callable", "Generic", "TypeVar", "NoReturn", "Never", "assert_never", "TypeAlias", "Protocol",
         "TYPE_CHECKING", "Literal", "ClassVar")
    ),
    "collections.abc": frozenset(("Callable",)),
    "enum": frozenset(("Enum", "IntEnum", "IntFlag")),
}  # fmt: skip

BUILTINS: dict[str, Symbol] = {
    name: Vocabulary(name)
    for name in (
        "len", "range", "print", "isinstance", "min", "max", "abs", "enumerate", "bool", "str", "bytes", "tuple",
        "int", "float", "staticmethod", "divmod", "reversed", "zip", "ord", "sum", "all", "any", "sorted", "list",
        "dict", "set", "type", "super", "getattr", "setattr", "hasattr", "open", "input", "object", "map", "filter",
        "iter", "next", "repr", "format", "id", "hash", "callable", "vars", "property", "classmethod", "chr", "hex",
        "round", "pow", "bin",
    )
}  # fmt: skip
