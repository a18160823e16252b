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
                unit.diagnostics.add(refused.diagnostic)


def _check(
    unit: Unit, body: Body, symbol: GlobalName | ConstantName, contract: ProtocolName, module: Module
) -> None:
    for node in contract.node.body:
        name = node.name if isinstance(node, ast.FunctionDef) else None
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            name = node.target.id
        if name is None:
            continue
        found = unit.resolve(module, name) if name in module.names else None
        if found is None:
            text = f"{module.name} has no {name}, which {contract.name} promises"
            raise body.refuse("M110", symbol.span_node, text, f"write it in {module.file.shown}")
        if isinstance(node, ast.FunctionDef):
            _compare(unit, body, symbol, contract, node, found)


def _compare(
    unit: Unit, body: Body, symbol: GlobalName | ConstantName, contract: ProtocolName, node: ast.FunctionDef,
    found: object,
) -> None:  # fmt: skip
    if not isinstance(found, FunctionName):
        raise body.refuse("M110", symbol.span_node, f"{node.name} is no function, as {contract.name} promises")
    wanted = _signature(unit, contract.module, node, 1)
    given = _signature(unit, found.module, found.node, 0)
    if wanted != given:
        text = f"{node.name} is {given} where {contract.name} promises {wanted}"
        raise body.refuse("M110", symbol.span_node, text, f"change it in {found.module.file.shown}")


def _signature(unit: Unit, module: Module, node: ast.FunctionDef, skip: int) -> str:
    environment = {name: unit.type_variable(name) for name, s in module.names.items() if isinstance(s, TypeVariable)}
    annotations = Annotations(unit, module, environment)
    given = [*node.args.posonlyargs, *node.args.args][skip:]
    types = [str(annotations.reference(a.annotation)) for a in given if a.annotation is not None]
    result = str(annotations.reference(node.returns)) if node.returns is not None else "None"
    return f"({', '.join(types)}) -> {result}"
