"""Modules that follow a Protocol: `ARCH: Contract = module` promises every function of the contract, with its types."""

from __future__ import annotations

import ast

from metal.compiler.diagnostics import Refused
from metal.compiler.elaborate.body import Body
from metal.compiler.elaborate.declared import Annotations
from metal.compiler.elaborate.unit import Unit
from metal.compiler.modules import Module
from metal.compiler.symbols import (
    ConstantName,
    FunctionName,
    GlobalName,
    ModuleName,
    ProtocolName,
    TypeVariable,
)


def name_modules(unit: Unit, module: Module) -> None:
    """Turns `ARCH: Contract = module` into a name for the module, and checks the promise."""
    body = Body(unit, module, {}, None)
    for name, symbol in list(module.names.items()):
        if not isinstance(symbol, (GlobalName, ConstantName)) or not isinstance(symbol.node, (ast.Name, ast.Attribute)):
            continue
        try:
            target = body.symbol(symbol.node)
            if isinstance(target, ModuleName):
                module.names[name] = ModuleName(name, target.target)
                contract = body.symbol(symbol.annotation) if symbol.annotation is not None else None
                if isinstance(contract, ProtocolName) and target.target in unit.modules:
                    _check(unit, body, symbol, contract, unit.modules[target.target])
            elif isinstance(target, FunctionName) and isinstance(symbol, ConstantName) and symbol.annotation is None:
                module.names[name] = target
        except Refused as refused:
            if not isinstance(symbol, ConstantName):
                unit.diagnostics.note(refused)


def _check(unit: Unit, body: Body, symbol: GlobalName | ConstantName, contract: ProtocolName, module: Module) -> None:
    problems: list[str] = []
    for node in contract.node.body:
        name = node.name if isinstance(node, ast.FunctionDef) else None
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            name = node.target.id
        if name is None:
            continue
        found = unit.resolve(module, name) if name in module.names else None
        if found is None:
            problems.append(f"it has no {name}")
        elif isinstance(node, ast.FunctionDef):
            problem = _compare(unit, contract, node, found)
            problems += [problem] if problem else []
    if problems:
        text = f"{module.name} breaks {contract.name}: {'; '.join(problems)}"
        raise body.refuse("M110", symbol.span_node, text, f"change {module.file.shown}")


def _compare(unit: Unit, contract: ProtocolName, node: ast.FunctionDef, found: object) -> str:
    """How a function differs from what the contract promises; empty when it does not."""
    if not isinstance(found, FunctionName):
        return f"{node.name} is no function"
    wanted = _signature(unit, contract.module, node, 1)
    given = _signature(unit, found.module, found.node, 0)
    return "" if wanted == given else f"{node.name} is {given} instead of {wanted}"


def _signature(unit: Unit, module: Module, node: ast.FunctionDef, skip: int) -> str:
    environment = {name: unit.type_variable(name) for name, s in module.names.items() if isinstance(s, TypeVariable)}
    annotations = Annotations(unit, module, environment)
    given = [*node.args.posonlyargs, *node.args.args][skip:]
    types = [str(annotations.reference(a.annotation)) for a in given if a.annotation is not None]
    result = str(annotations.reference(node.returns)) if node.returns is not None else "None"
    return f"({', '.join(types)}) -> {result}"
