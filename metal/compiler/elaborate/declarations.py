"""What the statements at a module's level declare: the first pass over a module, before anything has a type."""

from __future__ import annotations

import ast

from metal.compiler.diagnostics import Refused
from metal.compiler.elaborate.body import Body
from metal.compiler.elaborate.unit import Unit, nearest, vocabulary_symbol
from metal.compiler.modules import Module, is_host_module, is_vocabulary
from metal.compiler.symbols import (
    AliasName,
    BrokenName,
    ConstantName,
    DeviceName,
    EnumName,
    FunctionName,
    GlobalName,
    HostName,
    Imported,
    ModuleName,
    ProtocolName,
    StructName,
    Symbol,
    TypeVariable,
)


def declare(unit: Unit, module: Module) -> None:
    """Enter every name a module declares."""
    body = Body(unit, module, {}, None)
    for node in module.tree.body:
        try:
            _declare(body, node)
        except Refused as refused:
            unit.diagnostics.note(refused)
            for child in ast.walk(node) if isinstance(node, (ast.Assign, ast.AnnAssign)) else ():
                if isinstance(child, ast.Name) and isinstance(child.ctx, ast.Store):
                    module.names.setdefault(child.id, BrokenName(child.id))
            if isinstance(node, (ast.ClassDef, ast.FunctionDef)):
                module.names.setdefault(node.name, BrokenName(node.name))


def _declare(body: Body, node: ast.stmt) -> None:
    module = body.module
    if isinstance(node, ast.ImportFrom):
        _import_from(body, node)
    elif isinstance(node, ast.Import):
        _import(body, node)
    elif isinstance(node, ast.FunctionDef):
        _enter(body, node, node.name, _function(module, node, None))
    elif isinstance(node, ast.ClassDef):
        _class(body, node)
    elif isinstance(node, ast.AnnAssign):
        _annotated(body, node)
    elif isinstance(node, ast.Assign):
        _assigned(body, node)
    elif isinstance(node, ast.If) and _is_type_checking(node.test):
        for inner in node.body:
            _declare(body, inner)
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return
    elif isinstance(node, ast.AsyncFunctionDef):
        raise body.refuse(
            "M002", node, "async is not in the language", "a call waits by itself; write an ordinary function"
        )
    elif not isinstance(node, ast.Pass):
        hint = "a module only declares; put code into a function"
        raise body.refuse("M002", node, "this does not belong at the level of a module", hint)


def _is_type_checking(node: ast.expr) -> bool:
    return isinstance(node, (ast.Name, ast.Attribute)) and ast.unparse(node).split(".")[-1] == "TYPE_CHECKING"


def _enter(body: Body, node: ast.AST, name: str, symbol: Symbol) -> None:
    known = body.module.names.get(name)
    if known is not None and not isinstance(known, (Imported, HostName, ModuleName)):
        raise body.refuse("M078", node, f"{name} is declared twice", "give one of them another name")
    body.module.names[name] = symbol


def _import_from(body: Body, node: ast.ImportFrom) -> None:
    module, source = body.module, body.module.absolute(node)
    for alias in node.names:
        if alias.name == "*":
            if source not in body.unit.modules:
                raise body.refuse("M002", node, "import * is for modules of the program", "name what you import")
            module.shared_with.append(source)
            continue
        name = alias.asname or alias.name
        if source == "__future__":
            continue
        if is_vocabulary(source) or (source not in body.unit.modules and is_host_module(source)):
            symbol = vocabulary_symbol(source, alias.name)
            if symbol is None:
                import metal

                hint = nearest(alias.name, list(metal.__all__))
                body.unit.diagnostics.add(
                    body.refuse("M005", alias, f"{source} has no name {alias.name}", hint).diagnostic
                )
                continue
            module.names[name] = symbol
        else:
            module.names[name] = Imported(name, source, alias.name, node)


def _import(body: Body, node: ast.Import) -> None:
    for alias in node.names:
        top = alias.name if alias.asname else alias.name.split(".")[0]
        name = alias.asname or top
        if is_host_module(alias.name) and alias.name not in body.unit.modules:
            body.module.names[name] = HostName(name)
        elif is_vocabulary(alias.name):
            raise body.refuse("M002", node, "import metal's words by name", "from metal import u32, Array, ...")
        else:
            body.module.names[name] = ModuleName(name, top)


def _decorators(module: Module, node: ast.FunctionDef | ast.ClassDef) -> dict[str, ast.expr]:
    found: dict[str, ast.expr] = {}
    for decorator in node.decorator_list:
        called = decorator.func if isinstance(decorator, ast.Call) else decorator
        found[module.word(called)] = decorator
    return found


def _function(module: Module, node: ast.FunctionDef, owner: StructName | None) -> FunctionName:
    decorators = _decorators(module, node)
    made = FunctionName(node.name, module, node, owner)
    made.comptime = "comptime" in decorators
    made.appender = "appender" in decorators
    made.static = "staticmethod" in decorators
    return made


def _class(body: Body, node: ast.ClassDef) -> None:
    module = body.module
    bases = [module.word(base) for base in node.bases]
    decorators = _decorators(module, node)
    if any(base in ("Enum", "IntEnum", "IntFlag") for base in bases):
        _enter(body, node, node.name, EnumName(node.name, module, node))
    elif "Protocol" in bases:
        _enter(body, node, node.name, ProtocolName(node.name, module, node))
    elif "struct" in decorators:
        _enter(body, node, node.name, _struct(body, node, bases, decorators))
    elif all(_is_register(module, n) or _is_text(n) for n in node.body) and not bases:
        _enter(body, node, node.name, DeviceName(node.name, module, node))
    elif bases:
        hint = "put a field of the other struct into this one"
        raise body.refuse(
            "M002", node, f"{node.name} inherits from {bases[0]}: inheritance is not in the language", hint
        )
    else:
        raise body.refuse("M065", node, f"{node.name} is a class without @struct", "write @struct above it")


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Pass) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))


def _is_register(module: Module, node: ast.stmt) -> bool:
    """`NAME: Reg[u32] = ...` or `NAME: Array[Reg[u32]] = ...`."""
    if not isinstance(node, ast.AnnAssign):
        return False
    inner = node.annotation.slice if isinstance(node.annotation, ast.Subscript) else None
    return "Reg" in (module.word(node.annotation), module.word(inner))


def _struct(body: Body, node: ast.ClassDef, bases: list[str], decorators: dict[str, ast.expr]) -> StructName:
    variables: list[str] = []
    for base in node.bases:
        if isinstance(base, ast.Subscript) and bases == ["Generic"]:
            parts = base.slice.elts if isinstance(base.slice, ast.Tuple) else [base.slice]
            variables += [part.id for part in parts if isinstance(part, ast.Name)]
        elif body.module.word(base) != "Protocol":
            hint = "put a field of the other struct into this one"
            text = f"{node.name} inherits from {ast.unparse(base)}: inheritance is not in the language"
            raise body.refuse("M002", base, text, hint)
    made = StructName(node.name, body.module, node, variables)
    for name, decorator in decorators.items():
        if name == "align" and isinstance(decorator, ast.Call) and len(decorator.args) == 1:
            made.align_node = decorator.args[0]
        elif name not in ("struct", "align"):
            raise body.refuse(
                "M065", decorator, f"@{name} means nothing on a struct", "see docs/language.md for decorators"
            )
    for inner in node.body:
        if isinstance(inner, ast.FunctionDef):
            if inner.name in made.methods:
                raise body.refuse("M078", inner, f"{inner.name} is declared twice", "give one of them another name")
            if inner.name.startswith("__") and inner.name not in ("__enter__", "__exit__"):
                hint = "write an ordinary method and call it"
                raise body.refuse("M002", inner, f"{inner.name} is not in the language", hint)
            made.methods[inner.name] = _function(body.module, inner, made)
        elif isinstance(inner, ast.AnnAssign) and isinstance(inner.target, ast.Name):
            continue
        elif not _is_text(inner):
            what = "a class inside a struct" if isinstance(inner, ast.ClassDef) else "this inside a struct"
            hint = "a struct has fields with types, and methods"
            raise body.refuse("M002", inner, f"{what} is not in the language", hint)
    return made


def _annotated(body: Body, node: ast.AnnAssign) -> None:
    module = body.module
    if not isinstance(node.target, ast.Name):
        raise body.refuse("M002", node, "a module only declares names")
    name = node.target.id
    annotation = node.annotation
    head = module.word(annotation)
    if head == "TypeAlias" and node.value is not None:
        _enter(body, node, name, AliasName(name, module, node.value))
        return
    if head == "Final":
        _final(body, node, name, annotation)
        return
    _enter(body, node, name, GlobalName(name, module, annotation, node.value, node))


def _final(body: Body, node: ast.AnnAssign, name: str, annotation: ast.expr) -> None:
    module = body.module
    if node.value is None:
        raise body.refuse("M077", node, f"{name} needs a value", f"write {name}: Final = ...")
    inner = annotation.slice if isinstance(annotation, ast.Subscript) else None
    if inner is not None and module.word(inner) == "Array":
        _enter(body, node, name, GlobalName(name, module, inner, node.value, node))
        return
    if name in ("UNSAFE", "FOREIGN") and isinstance(node.value, ast.Constant):
        setattr(module, name.lower(), node.value.value is True)
    if name == "OVERFLOW" and isinstance(node.value, ast.Constant):
        module.overflow = str(node.value.value)
    _enter(body, node, name, ConstantName(name, module, inner, node.value, node))


def _assigned(body: Body, node: ast.Assign) -> None:
    target = node.targets[0]
    if len(node.targets) != 1 or not isinstance(target, ast.Name):
        raise body.refuse("M002", node, "a module only declares names", "write name: u64 = 0, one a line")
    if isinstance(node.value, ast.Call) and body.module.word(node.value) == "TypeVar":
        _enter(body, node, target.id, TypeVariable(target.id))
        return
    if target.id == "__all__":
        return
    hint = f"write {target.id}: Final = ... for a constant, {target.id}: u64 = ... for a variable"
    raise body.refuse("M070", node, f"{target.id} needs a type, or is it a Final?", hint)


def find_variables(unit: Unit, module: Module) -> None:
    """Which type variables make a function generic; needs the names of all modules."""
    for symbol in list(module.names.values()):
        if isinstance(symbol, FunctionName):
            symbol.variables = _variables(unit, symbol)
        elif isinstance(symbol, StructName):
            for method in symbol.methods.values():
                method.variables = [v for v in _variables(unit, method) if v not in symbol.variables]


def _variables(unit: Unit, symbol: FunctionName) -> list[str]:
    given = symbol.node.args
    found: list[str] = []
    for argument in [*given.posonlyargs, *given.args, *given.kwonlyargs]:
        if argument.annotation is None:
            continue
        for child in ast.walk(argument.annotation):
            if isinstance(child, ast.Name) and child.id not in found:
                known = symbol.module.names.get(child.id)
                if isinstance(known, Imported):
                    try:
                        known = unit.resolve(symbol.module, child.id)
                    except Refused:
                        continue
                if isinstance(known, TypeVariable):
                    found.append(child.id)
    return found
