"""Finds and parses every module a program is made of, starting from its entry and following imports."""

from __future__ import annotations

import ast
import sys
from difflib import get_close_matches
from pathlib import Path

from metal.compiler.diagnostics import Diagnostics, Refused
from metal.compiler.interfaces import expand
from metal.compiler.options import Options
from metal.compiler.parse import parse, read_source, span_of
from metal.compiler.source import SourceFile
from metal.compiler.symbols import Module

VOCABULARY = "metal"
"""The package whose names the compiler itself gives a meaning; it is never compiled."""


def is_vocabulary(name: str) -> bool:
    """Whether this module is the language's own vocabulary: `metal` and `metal.types`."""
    return name == VOCABULARY or name.startswith("metal.types")


def is_host_module(name: str) -> bool:
    """Whether this is a module of CPython, which only `@comptime` functions and annotations may use."""
    return name.split(".")[0] in sys.stdlib_module_names


class Loader:
    """Loads modules by name from the roots, each once."""

    def __init__(self, roots: list[Path], options: Options, diagnostics: Diagnostics) -> None:
        self.roots = roots
        self.options = options
        self.diagnostics = diagnostics
        self.modules: dict[str, Module] = {}
        self.files: list[SourceFile] = []
        self.given: dict[str, str] = {}
        """Modules given as texts; they come before the roots."""

    def find(self, name: str) -> tuple[Path, Path, bool] | None:
        """The file of a module, how it is shown, and whether it is a package; None when no root has it."""
        name = self.options.replace.get(name, name)
        if not name:
            return None
        relative = Path(*name.split("."))
        for root in self.roots:
            for tail, package in ((relative.with_suffix(".py"), False), (relative / "__init__.py", True)):
                if (root / tail).is_file():
                    return root / tail, tail, package
        return None

    def load_entry(self, entry: Path | str) -> Module:
        """The entry module, given by name or by file; a file below a root is known by its module name."""
        if isinstance(entry, str) and not entry.endswith(".py"):
            if entry in self.given:
                return self.add_source(entry, self.given[entry], Path(f"{entry}.py"))
            found = self.find(entry)
            if found is None:
                raise FileNotFoundError(f"no module {entry} below {', '.join(map(str, self.roots))}")
            self._load(entry, *found)
            return self.modules[entry]
        path = Path(entry)
        for root in self.roots:
            try:
                relative = path.resolve().relative_to(root.resolve())
            except ValueError:
                continue
            name = ".".join(relative.with_suffix("").parts)
            if all(part.isidentifier() for part in relative.with_suffix("").parts):
                self._load(name, path, relative, False)
                return self.modules[name]
        name = path.stem if path.stem.isidentifier() else "program"
        self._load(name, path, Path(path.name), False)
        return self.modules[name]

    def load(self, name: str) -> Module | None:
        """The module of this name, loaded with all it imports; None when no root has it."""
        known = self.modules.get(name)
        if known is not None:
            return known
        text = self.given.get(self.options.replace.get(name, name))
        if text is not None:
            return self.add_source(name, text, Path(f"{name}.py"))
        found = self.find(name)
        if found is None:
            return None
        self._load(name, *found)
        return self.modules.get(name)

    def add_source(self, name: str, text: str, shown: Path) -> Module:
        """A module whose text does not come from a root (a test's, or a generated one)."""
        file = SourceFile(len(self.files), shown, name, text, text.splitlines())
        self.files.append(file)
        return self._parsed(name, file, False)

    def _load(self, name: str, path: Path, shown: Path, package: bool) -> None:
        try:
            file = read_source(path, shown, name, len(self.files))
            self.files.append(file)
        except Refused as refused:
            file = refused.diagnostic.span.file
            self.files.append(file)
            self.diagnostics.note(refused)
            self.modules[name] = Module(name, file, ast.Module([], []), package)
            return
        self._parsed(name, file, package)

    def _parsed(self, name: str, file: SourceFile, package: bool) -> Module:
        try:
            tree = parse(file)
        except Refused as refused:
            self.diagnostics.note(refused)
            tree = ast.Module([], [])
        module = self.modules[name] = Module(name, file, tree, package)
        for problem in expand(name, tree, self._unchanged_tree):
            place = span_of(file, problem.node)
            self.diagnostics.add(Refused("M120", place, problem.message, problem.cure).diagnostic)
        self.follow(module)
        return module

    def _unchanged_tree(self, name: str) -> ast.Module | None:
        """The syntax tree of a module as it was written; None when it is missing or cannot be parsed."""
        found = self.find(name)
        try:
            return ast.parse(found[0].read_bytes()) if found is not None else None
        except (SyntaxError, ValueError):
            return None

    def follow(self, module: Module) -> None:
        """Load what a module imports."""
        for node in imports_of(module.tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    self._want(module, alias.name, node)
            else:
                target = module.absolute(node)
                if is_vocabulary(target):
                    continue
                found = self._want(module, target, node)
                if found is None or found.is_package:
                    for alias in node.names:
                        self.load(f"{target}.{alias.name}")

    def _want(self, module: Module, name: str, node: ast.Import | ast.ImportFrom) -> Module | None:
        if is_vocabulary(name):
            return None
        found = self.load(name)
        if found is None and not is_host_module(name) and not self._is_namespace(name):
            near = self._nearest(name)
            hint = f"did you mean {near}?" if near else "modules are looked up from the root of the tree"
            text = f"there is no module {name}" if name else "this module is in no package"
            self.diagnostics.note(Refused("M004", span_of(module.file, node), text, hint))
        return found

    def _nearest(self, name: str) -> str | None:
        """The module whose name differs in its first unknown part only, and not by much."""
        parts = name.split(".")
        for index, part in enumerate(parts):
            folders = [root.joinpath(*parts[:index]) for root in self.roots]
            found = [path for folder in folders if folder.is_dir() for path in folder.iterdir()]
            names = [path.stem for path in found if path.suffix == ".py" or path.is_dir()]
            if part not in names:
                close = get_close_matches(part, names, 1)
                return ".".join([*parts[:index], *close, *parts[index + 1 :]]) if close else None
        return None

    def _is_namespace(self, name: str) -> bool:
        return any((root / Path(*name.split("."))).is_dir() for root in self.roots)


def imports_of(tree: ast.Module) -> list[ast.Import | ast.ImportFrom]:
    """The import statements of a module, also those below `if TYPE_CHECKING`."""
    found: list[ast.Import | ast.ImportFrom] = []
    for node in tree.body:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            found.append(node)
        elif isinstance(node, ast.If):
            found += [inner for inner in node.body if isinstance(inner, (ast.Import, ast.ImportFrom))]
    return found
