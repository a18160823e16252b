"""Sorting, searching, numbers, UTF-8, text and checksums as compiled code, against Python's own."""

from __future__ import annotations

import binascii
import hashlib
import zlib
from bisect import bisect_left
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metal.compiler.harness import Program, load

SOURCE = Path(__file__).parent / "programs" / "words.py"
I64 = st.integers(-(2**63), 2**63 - 1)
U64 = st.integers(0, 2**64 - 1)
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


@pytest.fixture(scope="module")
def library() -> Program:
    return load(SOURCE)


def in_base(value: int, base: int) -> str:
    digits = ""
    while True:
        value, digit = divmod(value, base)
        digits = DIGITS[digit] + digits
        if value == 0:
            return digits


@given(st.lists(I64, max_size=60))
def test_sorting_numbers(library: Program, values: list[int]) -> None:
    given = list(values)
    library.sort_i64(given)
    assert given == sorted(values)


@given(st.lists(st.integers(0, 3), min_size=20, max_size=60))
def test_sorting_many_equal_numbers(library: Program, values: list[int]) -> None:
    given = list(values)
    library.sort_u8(given)
    assert given == sorted(values)


@given(st.lists(st.integers(0, 1000), max_size=30))
def test_sorting_by_a_rule_keeps_equals_in_order(library: Program, values: list[int]) -> None:
    given = list(values)
    library.sort_by_last_digit(given)
    assert given == sorted(values, key=lambda value: value % 10)


@given(st.lists(st.integers(-20, 20), max_size=30).map(sorted), st.integers(-25, 25))
def test_searching_sorted_numbers(library: Program, values: list[int], wanted: int) -> None:
    assert library.lower_bound_i64(values, wanted) == bisect_left(values, wanted)
    assert library.binary_search_i64(values, wanted) == (values.index(wanted) if wanted in values else -1)


@given(st.binary(max_size=20), st.binary(max_size=3))
def test_finding_bytes(library: Program, data: bytes, wanted: bytes) -> None:
    assert library.find_run(data, wanted) == data.find(wanted)
    assert library.begins(data, wanted) == data.startswith(wanted)
    if wanted:
        assert library.find_u8(data, wanted[0]) == data.find(wanted[:1])


@given(U64, st.integers(2, 36), st.integers(0, 70), st.integers(0, 80))
def test_writing_numbers(library: Program, value: int, base: int, width: int, room: int) -> None:
    buffer = bytearray(room)
    wanted = in_base(value, base).rjust(width, "0")
    length = library.format_u64(value, buffer, base, width)
    assert length == (len(wanted) if len(wanted) <= room else -1)
    if length >= 0:
        assert buffer[:length].decode() == wanted


@given(I64, st.integers(2, 36))
def test_signed_numbers_come_back(library: Program, value: int, base: int) -> None:
    buffer = bytearray(70)
    length = library.format_i64(value, buffer, base)
    text = bytes(buffer[:length])
    assert text.decode() == ("-" if value < 0 else "") + in_base(abs(value), base)
    assert library.parse_i64(text, base) == value
    assert library.take_failure() == 0


@given(st.text("0123456789abcXYZ+-_ ", max_size=24), st.sampled_from([2, 10, 16]))
def test_reading_numbers_that_may_be_wrong(library: Program, text: str, base: int) -> None:
    value = library.parse_u64(text.encode(), base)
    failure = library.take_failure()
    if not text:
        assert failure == 1
    elif any(c.lower() not in DIGITS[:base] for c in text):
        # Too large is said when the number was too large already before the character that is no digit.
        assert failure in (2, 3)
    elif int(text, base) >= 2**64:
        assert failure == 3
    else:
        assert (failure, value) == (0, int(text, base))


@pytest.mark.parametrize(
    ("text", "value", "failure"),
    [
        ("18446744073709551615", 2**64 - 1, 0),
        ("18446744073709551616", 0, 3),
        ("0x1F", 31, 0),
        ("0b101", 5, 0),
        ("0x", 0, 2),
        ("007", 7, 0),
        ("", 0, 1),
    ],
)
def test_numbers_as_people_write_them(library: Program, text: str, value: int, failure: int) -> None:
    assert (library.parse_written(text.encode()), library.take_failure()) == (value, failure)


@pytest.mark.parametrize(
    ("text", "value", "failure"),
    [
        ("-9223372036854775808", -(2**63), 0),
        ("-9223372036854775809", 0, 3),
        ("9223372036854775807", 2**63 - 1, 0),
        ("9223372036854775808", 0, 3),
        ("+5", 5, 0),
        ("-0", 0, 0),
        ("-", 0, 1),
        ("--1", 0, 2),
    ],
)
def test_signed_numbers_at_their_limits(library: Program, text: str, value: int, failure: int) -> None:
    assert (library.parse_i64(text.encode(), 10), library.take_failure()) == (value, failure)


def valid_prefix(data: bytes) -> int:
    try:
        data.decode()
    except UnicodeDecodeError as error:
        return error.start
    return len(data)


@given(
    st.one_of(
        st.binary(max_size=12), st.text(max_size=6).map(str.encode), st.text(max_size=4).map(lambda t: t.encode()[:-1])
    )
)
def test_what_is_utf8(library: Program, data: bytes) -> None:
    assert library.valid_utf8(data) == valid_prefix(data)


@pytest.mark.parametrize(
    "data",
    [
        b"\xc0\x80",
        b"\xc1\xbf",
        b"\xe0\x80\x80",
        b"\xed\xa0\x80",
        b"\xf4\x90\x80\x80",
        b"\xf5\x80\x80\x80",
        b"\x80",
        b"\xe2\x82",
        b"\xff",
    ],
)
def test_ill_formed_bytes_are_refused(library: Program, data: bytes) -> None:
    assert library.decode(data, 0) == -1


@given(st.integers(0, 0x11_0010), st.integers(0, 5))
def test_characters_become_bytes_and_come_back(library: Program, code: int, room: int) -> None:
    buffer = bytearray(room)
    length = library.encode(code, buffer)
    if code >= 0x11_0000 or 0xD800 <= code < 0xE000:
        assert length == -2
        return
    wanted = chr(code).encode()
    assert length == (len(wanted) if len(wanted) <= room else -1)
    if length > 0:
        assert bytes(buffer[:length]) == wanted
        assert library.decode(wanted, 0) == code


@given(st.binary(max_size=100), st.integers(0, 100))
def test_checksums_also_in_parts(library: Program, data: bytes, cut: int) -> None:
    assert library.check32(data, 0) == zlib.crc32(data)
    assert library.check32(data[cut:], library.check32(data[:cut], 0)) == zlib.crc32(data)
    assert library.check16(data, 0xFFFF) == binascii.crc_hqx(data, 0xFFFF)
    assert library.check16(data[cut:], library.check16(data[:cut], 0xFFFF)) == binascii.crc_hqx(data, 0xFFFF)


@given(st.one_of(st.binary(max_size=200), st.integers(0, 300).map(bytes)), st.integers(0, 300), st.integers(0, 300))
def test_sha256_in_parts(library: Program, data: bytes, first: int, second: int) -> None:
    cuts = sorted(min(cut, len(data)) for cut in (first, second))
    digest = bytearray(32)
    library.digest_in_parts(data, *cuts, digest)
    assert bytes(digest) == hashlib.sha256(data).digest()


CAPACITY = 24


def says(library: Program) -> str:
    buffer = bytearray(CAPACITY)
    length = library.line_says(buffer)
    return bytes(buffer[:length]).decode()


@given(
    st.lists(
        st.one_of(
            st.text(max_size=8),
            st.integers(0, 0x10_FFFF),
            st.tuples(U64, st.integers(2, 36), st.integers(1, 9)),
            st.none(),
        )
    )
)
def test_text_takes_whole_pieces_or_nothing(
    library: Program, pieces: list[str | int | tuple[int, int, int] | None]
) -> None:
    library.line_clear()
    model = ""
    for piece in pieces:
        if piece is None:
            assert library.line_remove_last() == (model != "")
            model = model[:-1]
            continue
        if isinstance(piece, str):
            added, done = piece, library.line_append(piece.encode())
        elif isinstance(piece, int):
            surrogate = 0xD800 <= piece < 0xE000
            added, done = "" if surrogate else chr(piece), library.line_character(piece)
            if surrogate:
                assert not done
                continue
        else:
            added, done = in_base(piece[0], piece[1]).rjust(piece[2], "0"), library.line_number(*piece)
        fits = len((model + added).encode()) <= CAPACITY
        assert done == fits
        if fits:
            model += added
        assert says(library) == model


def test_an_f_string_is_appended_piece_by_piece(library: Program) -> None:
    library.line_clear()
    assert library.line_format(255, -7)
    assert says(library) == "<00ff|-7>"
    assert library.line_signed(-(2**63)) is False
    assert library.line_format(1, 12345)
    assert says(library) == "<00ff|-7><0001|12345>"
    assert not library.line_format(2, 1)


@given(st.text(max_size=6), st.integers(0, 24))
def test_shortening_keeps_whole_characters(library: Program, text: str, length: int) -> None:
    library.line_clear()
    assert library.line_append(text.encode())
    library.line_shorten(length)
    kept = text.encode()[:length].decode(errors="ignore")
    assert says(library) == kept
