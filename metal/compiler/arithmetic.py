"""Arithmetic of typed Python on unbounded integers: the exact result, then what the type makes of it."""

from __future__ import annotations

import math
import struct
from typing import Any

from metal.compiler.types import BOOL, EnumType, FloatType, IntegerType, Type
from metal.types.traps import TrapKind


class Fault(Exception):
    """A check failed; the interpreter adds the place."""

    def __init__(self, kind: TrapKind) -> None:
        super().__init__(kind.name)
        self.kind = kind


def wrapped(of: IntegerType, value: int) -> int:
    """The low bits of a value, read as the type reads them."""
    value &= (1 << of.bits) - 1
    return value - (1 << of.bits) if of.signed and value >> (of.bits - 1) else value


def fitted(of: IntegerType, value: int, checked: bool, kind: TrapKind = TrapKind.OVERFLOW) -> int:
    """The value if the type holds it; otherwise a trap or the low bits."""
    if of.low <= value <= of.high:
        return value
    if checked:
        raise Fault(kind)
    return wrapped(of, value)


def rounded(of: FloatType, value: float) -> float:
    """A float as its type stores it."""
    if of.bits == 64 or not math.isfinite(value):
        return value
    try:
        found: float = struct.unpack("<f", struct.pack("<f", value))[0]
    except OverflowError:
        return math.copysign(math.inf, value)
    return found


def binary(operation: str, of: Type, left: Any, right: Any, checked: bool) -> Any:
    """One operator on two values of a type."""
    if isinstance(of, FloatType):
        return rounded(of, _float(operation, left, right, checked))
    if of is BOOL:
        return {"&": left & right, "|": left | right, "^": left ^ right}[operation]
    assert isinstance(of, IntegerType)
    match operation:
        case "+":
            return fitted(of, left + right, checked)
        case "-":
            return fitted(of, left - right, checked)
        case "*":
            return fitted(of, left * right, checked)
        case "//" | "%":
            if right == 0:
                raise Fault(TrapKind.DIVISION)
            return fitted(of, left // right if operation == "//" else left % right, checked)
        case "&":
            return left & right
        case "|":
            return left | right
        case "^":
            return left ^ right
        case "<<" | ">>":
            if not 0 <= right < of.bits:
                raise Fault(TrapKind.SHIFT)
            return wrapped(of, left << right) if operation == "<<" else left >> right
        case _:
            raise AssertionError(operation)


def _float(operation: str, left: float, right: float, checked: bool) -> float:
    match operation:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
        case "/":
            if right != 0:
                return left / right
            if checked:
                raise Fault(TrapKind.DIVISION)
            if left == 0 or math.isnan(left):
                return math.nan
            return math.copysign(math.inf, left) * math.copysign(1, right)
        case _:
            raise AssertionError(operation)


def converted(of: Type, source: Type, value: Any, mode: str) -> Any:
    """A number as another type."""
    if isinstance(of, FloatType):
        return rounded(of, float(value))
    if isinstance(of, EnumType):
        if mode == "checked" and value not in of.members.values():
            raise Fault(TrapKind.CONVERSION)
        return value
    if of is BOOL:
        return int(value != 0)
    assert isinstance(of, IntegerType)
    if isinstance(source, FloatType):
        if not math.isfinite(value):
            raise Fault(TrapKind.CONVERSION)
        value = math.trunc(value)
    return fitted(of, value, mode != "wrap", TrapKind.CONVERSION)


def compared(operation: str, left: Any, right: Any) -> int:
    """A comparison as 0 or 1."""
    match operation:
        case "==":
            return int(left == right)
        case "!=":
            return int(left != right)
        case "<":
            return int(left < right)
        case "<=":
            return int(left <= right)
        case ">":
            return int(left > right)
        case ">=":
            return int(left >= right)
        case _:
            raise AssertionError(operation)


def formatted(of: Type, value: Any, specification: str) -> str:
    """A value as an f-string shows it."""
    if isinstance(of, EnumType):
        name = next((name for name, number in of.members.items() if number == value), "?")
        return format(name, specification)
    if of is BOOL:
        return format(bool(value), specification)
    return format(value, specification)
