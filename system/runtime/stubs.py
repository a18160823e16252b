"""The names that the compiler's interface stubs are written with."""

from abi.interface import CallError
from metal import (
    F32,
    F64,
    I8,
    I16,
    I32,
    I64,
    U8,
    U16,
    U32,
    U64,
    W8,
    W16,
    W32,
    W64,
    Array,
    Ptr,
    Slice,
    array,
    as_text,
    struct,
    u8,
    u64,
)  # fmt: skip
from system.runtime.connection import CONNECTIONS, DEFAULT_TIMEOUT, Connection, find_connection
from system.runtime.messages import MESSAGE_BYTES, Message
from system.runtime.server import offer_messages, serve_messages

__all__ = [
    "CONNECTIONS", "DEFAULT_TIMEOUT", "F32", "F64", "I8", "I16", "I32", "I64", "MESSAGE_BYTES", "U8", "U16", "U32",
    "U64", "W8", "W16", "W32", "W64", "Array", "CallError", "Connection", "Message", "Ptr", "Slice", "array", "as_text",
    "find_connection", "offer_messages", "serve_messages", "struct", "u8", "u64",
]  # fmt: skip
