"""The tree's Python files as modules with their imports, for the tests that guard its shape."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("metal", "abi", "kernel", "system", "apps", "loader", "benches", "tests")
HOST = ROOT / "host"
# Pages of the language tests are programs with mistakes on purpose.
SKIPPED = ("tests/language/pages", "tests/language/messages")


@dataclass(frozen=True)
class Import:
    """One imported name: `name` is empty for `import module`."""

    module: str
    name: str
    line: int


@dataclass(frozen=True)
class Module:
    """One file of the tree."""

    name: str
    path: Path
    source: str
    imports: tuple[Import, ...]

    @property
    def shown(self) -> str:
        """Its path as a person writes it."""
        return str(self.path.relative_to(ROOT))

    @property
    def lines(self) -> int:
        """How long it is."""
        return self.source.count("\n") + (not self.source.endswith("\n"))


def code_lines(module: Module) -> int:
    """Lines that say something: no blanks, comments or docstrings; instructions in assembly strings count."""
    lines = module.source.splitlines()
    silent: set[int] = set()
    for node in ast.walk(ast.parse(module.source)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node) is not None:
            statement = node.body[0]
            silent.update(range(statement.lineno, (statement.end_lineno or statement.lineno) + 1))
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            silent.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return sum(
        1 for number, line in enumerate(lines, start=1)
        if number not in silent and line.strip() and not line.strip().startswith(("#", "//"))
    )  # fmt: skip


def module_name(path: Path) -> str:
    """`host/motet/cli/run.py` is motet.cli.run."""
    base = HOST if path.is_relative_to(HOST) else ROOT
    parts = list(path.relative_to(base).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(tree: ast.Module) -> tuple[Import, ...]:
    """Every import wherever it stands; the tree imports by full names only."""
    found: list[Import] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [Import(alias.name, "", node.lineno) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found += [Import("." * node.level + (node.module or ""), alias.name, node.lineno) for alias in node.names]
    return tuple(found)


@lru_cache(maxsize=1)
def modules() -> dict[str, Module]:
    """Every module of the tree by its name."""
    found: dict[str, Module] = {}
    files = [path for room in ROOMS for path in (ROOT / room).rglob("*.py")] + list((HOST / "motet").rglob("*.py"))
    for path in sorted(files):
        relative = path.relative_to(ROOT)
        if any(relative.is_relative_to(skipped) for skipped in SKIPPED):
            continue
        source = path.read_text(encoding="utf-8")
        found[module_name(path)] = Module(module_name(path), path, source, imports_of(ast.parse(source, str(relative))))
    return found


def fits(name: str, prefix: str) -> bool:
    """Whether a module is that one or below it."""
    return name == prefix or name.startswith(prefix + ".")


def target_of(item: Import) -> str:
    """The module that an import reaches: `from kernel import limits` reaches kernel.limits."""
    below = f"{item.module}.{item.name}"
    return below if item.name and below in modules() else item.module


def ports() -> list[str]:
    """The processor families that the kernel runs on: those that say how it is laid out."""
    return sorted(path.parent.name for path in (ROOT / "kernel" / "arch").glob("*/link.py"))


def families() -> list[str]:
    """Those that have vectors of their own; the others have them from one of these."""
    return sorted(path.parent.name for path in (ROOT / "kernel" / "arch").glob("*/vectors.py"))
