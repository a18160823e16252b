"""What a compiled program offers, as plain data: functions, globals, and the types they speak of."""

from __future__ import annotations

from typing import Any

from metal.compiler import ir
from metal.compiler.emit.shims import callable_functions
from metal.compiler.emit.types import error_type
from metal.compiler.types import (
    BOOL,
    NEVER,
    NONE,
    TEXT,
    ArrayType,
    AtomicType,
    DeviceType,
    EnumType,
    FloatType,
    FunctionType,
    IntegerType,
    OptionType,
    PointerType,
    RawType,
    ResultType,
    SharedType,
    SliceType,
    StructType,
    TupleType,
    Type,
)

Described = dict[str, Any]


def describe_type(of: Type) -> Described:
    """A type as data; structs and enums are named by their symbol and described once."""
    match of:
        case IntegerType():
            return {"kind": "integer", "bits": of.bits, "signed": of.signed}
        case FloatType():
            return {"kind": "float", "bits": of.bits}
        case EnumType():
            return {"kind": "enum", "symbol": of.symbol}
        case StructType():
            return {"kind": "struct", "symbol": of.symbol}
        case PointerType():
            return {"kind": "pointer", "target": describe_type(of.target)}
        case ArrayType():
            return {"kind": "array", "element": describe_type(of.element), "length": of.length}
        case AtomicType():
            return describe_type(of.element)
        case SliceType():
            return {"kind": "slice", "element": describe_type(of.element), "writable": of.writable}
        case SharedType():
            return {"kind": "slice", "element": describe_type(of.element), "writable": True}
        case TupleType():
            return {"kind": "tuple", "items": [describe_type(item) for item in of.items]}
        case OptionType():
            return {"kind": "option", "value": describe_type(of.value)}
        case ResultType():
            return {
                "kind": "result",
                "value": describe_type(of.value),
                "errors": [error.symbol for error in of.errors],
                "error": describe_type(error_type(of)),
            }
        case RawType() | FunctionType() | DeviceType():
            return {"kind": "address"}
        case _:
            names: dict[Type, str] = {BOOL: "bool", NONE: "none", NEVER: "none", TEXT: "text"}
            return {"kind": names[of]}


def describe_interface(program: ir.Program) -> Described:
    """The whole interface."""
    return {
        "entry": program.files[0].module if program.files else "",
        "files": [file.shown for file in program.files],
        "structs": {
            of.symbol: {
                "name": str(of),
                "fields": [[field.name, describe_type(field.type)] for field in of.fields.values()],
                "align": of.align,
            }
            for of in program.structs
        },
        "enums": {
            of.symbol: {"name": of.name, "members": of.members, "type": describe_type(of.repr)} for of in program.enums
        },
        "functions": [_describe_function(function) for function in callable_functions(program)],
        "globals": [
            {"symbol": item.exported or item.name, "name": item.name, "type": describe_type(item.type)}
            for item in program.globals
        ],
    }


def _describe_function(function: ir.Function) -> Described:
    return {
        "symbol": function.name,
        "name": function.shown,
        "module": function.file.module,
        "exported": function.exported,
        "parameters": [[local.name, describe_type(local.type)] for local in function.parameters],
        "result": describe_type(function.result),
    }
