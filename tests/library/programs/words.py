"""Sorting, searching, numbers, text and checksums of the library behind plain functions."""

from __future__ import annotations

from metal import I64, Array, Slice, View, array, as_text, export, i64, u8, u16, u32, u64
from metal.library.crc import crc16, crc32
from metal.library.failures import Full, Malformed
from metal.library.numbers import format_signed, format_unsigned, parse_literal, parse_signed, parse_unsigned
from metal.library.searching import binary_search, find, find_bytes, lower_bound, starts_with
from metal.library.sha256 import Sha256
from metal.library.sorting import sort, sort_by
from metal.library.text import Text
from metal.library.utf8 import decode_character, encode_character, valid_length


@export
def sort_i64(values: Slice[i64]) -> None:
    sort(values)


@export
def sort_u8(values: Slice[u8]) -> None:
    sort(values)


def last_digit_first(a: u32, b: u32) -> bool:
    return a % 10 < b % 10


@export
def sort_by_last_digit(values: Slice[u32]) -> None:
    sort_by(values, last_digit_first)


def or_minus_one(index: u64 | None) -> i64:
    return -1 if index is None else I64(index)


@export
def find_u8(values: View[u8], value: u8) -> i64:
    return or_minus_one(find(values, value))


@export
def lower_bound_i64(values: View[i64], value: i64) -> u64:
    return lower_bound(values, value)


@export
def binary_search_i64(values: View[i64], value: i64) -> i64:
    return or_minus_one(binary_search(values, value))


@export
def find_run(data: View[u8], wanted: View[u8]) -> i64:
    return or_minus_one(find_bytes(data, wanted))


@export
def begins(data: View[u8], prefix: View[u8]) -> bool:
    return starts_with(data, prefix)


failure: u8 = 0


def failed(why: Malformed) -> None:
    global failure
    match why:
        case Malformed.EMPTY:
            failure = 1
        case Malformed.NOT_A_DIGIT:
            failure = 2
        case Malformed.TOO_LARGE:
            failure = 3
        case Malformed.NOT_UTF8:
            failure = 4


@export
def take_failure() -> u8:
    """Why the last call failed, as `Malformed`'s number; 0 when it did not."""
    global failure
    why = failure
    failure = 0
    return why


@export
def parse_u64(text: View[u8], base: u64) -> u64:
    value = parse_unsigned(text, base)
    if isinstance(value, Malformed):
        failed(value)
        return 0
    return value


@export
def parse_i64(text: View[u8], base: u64) -> i64:
    value = parse_signed(text, base)
    if isinstance(value, Malformed):
        failed(value)
        return 0
    return value


@export
def parse_written(text: View[u8]) -> u64:
    value = parse_literal(text)
    if isinstance(value, Malformed):
        failed(value)
        return 0
    return value


@export
def format_u64(value: u64, into: Slice[u8], base: u64, width: u64) -> i64:
    length = format_unsigned(value, into, base, width)
    return -1 if isinstance(length, Full) else I64(length)


@export
def format_i64(value: i64, into: Slice[u8], base: u64) -> i64:
    length = format_signed(value, into, base)
    return -1 if isinstance(length, Full) else I64(length)


@export
def valid_utf8(data: View[u8]) -> u64:
    return valid_length(data)


@export
def decode(data: View[u8], at: u64) -> i64:
    code = decode_character(data, at)
    return -1 if isinstance(code, Malformed) else I64(code)


@export
def encode(code: u32, into: Slice[u8]) -> i64:
    length = encode_character(code, into)
    if isinstance(length, Malformed):
        return -2
    return -1 if isinstance(length, Full) else I64(length)


@export
def check16(data: View[u8], before: u16) -> u16:
    return crc16(data, before)


@export
def check32(data: View[u8], before: u32) -> u32:
    return crc32(data, before)


@export
def digest_in_parts(data: View[u8], first: u64, second: u64, digest: Slice[u8]) -> None:
    hash = Sha256()
    hash.start()
    hash.update(data[:first])
    hash.update(data[first:second])
    hash.update(data[second:])
    hash.finish(digest)


line_memory: Array[u8] = array(24)
line: Text = Text(line_memory)


@export
def line_append(data: View[u8]) -> bool:
    return not isinstance(line.append(as_text(data)), Full)


@export
def line_format(count: u32, level: i64) -> bool:
    return not isinstance(line.append(f"<{count:04x}|{level}>"), Full)


@export
def line_character(code: u32) -> bool:
    done = line.append_character(code)
    return not isinstance(done, Full) and not isinstance(done, Malformed)


@export
def line_number(value: u64, base: u64, width: u64) -> bool:
    return not isinstance(line.append_unsigned(value, base, width), Full)


@export
def line_signed(value: i64) -> bool:
    return not isinstance(line.append_signed(value), Full)


@export
def line_remove_last() -> bool:
    return line.remove_last()


@export
def line_shorten(length: u64) -> None:
    line.shorten(length)


@export
def line_clear() -> None:
    line.clear()


@export
def line_says(into: Slice[u8]) -> u64:
    """Copy what the line says."""
    said = line.bytes()
    into[: len(said)].copy_from(said)
    return len(said)
