"""Places in C: what stands on the left of an assignment or behind an `&`."""

from __future__ import annotations

from metal.compiler import ir
from metal.compiler.emit.names import c_name
from metal.compiler.emit.writer import Writer, is_simple
from metal.compiler.types import ArrayType


def place(writer: Writer, node: ir.Place) -> str:
    """A place as a C lvalue that any postfix operator may follow."""
    match node:
        case ir.LocalPlace():
            return c_name(node.local.name)
        case ir.GlobalPlace():
            return node.target.name
        case ir.FieldPlace():
            if isinstance(node.base, ir.DerefPlace):
                pointer = node.base.pointer
                if isinstance(pointer, ir.AddressOf):
                    return f"{place(writer, pointer.place)}.{c_name(node.name)}"
                return f"{writer.operand(pointer)}->{c_name(node.name)}"
            return f"{place(writer, node.base)}.{c_name(node.name)}"
        case ir.DerefPlace():
            if isinstance(node.pointer, ir.AddressOf):
                return place(writer, node.pointer.place)
            return f"(*{writer.operand(node.pointer)})"
        case ir.ElementPlace():
            array = node.base.type
            assert isinstance(array, ArrayType)
            base = place(writer, node.base)
            if not node.checked or id(node) in writer.proven:
                return f"{base}[{writer.value(node.index)}]"
            return f"{base}[INDEX({writer.value(node.index)}, {array.length}, {node.span.line})]"
        case ir.SliceElementPlace():
            if not is_simple(node.slice):
                return f"ITEM({writer.value(node.slice)}, {writer.value(node.index)}, {node.span.line})"
            slice_ = writer.operand(node.slice)
            if not node.checked or id(node) in writer.proven:
                return f"{slice_}.p[{writer.value(node.index)}]"
            return f"{slice_}.p[INDEX({writer.value(node.index)}, {slice_}.n, {node.span.line})]"
        case ir.RawElementPlace():
            return f"{writer.operand(node.pointer)}[{writer.value(node.index)}]"
        case ir.SharedElementPlace():
            return f"ITEM({writer.value(node.shared)}, {writer.value(node.index)}, {node.span.line})"
        case _:
            raise AssertionError(f"{type(node).__name__} is not a place")


def address(writer: Writer, node: ir.Place) -> str:
    """The address of a place."""
    if isinstance(node, ir.DerefPlace):
        return writer.operand(node.pointer)
    return f"&{place(writer, node)}"
