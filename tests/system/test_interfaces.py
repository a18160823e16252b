"""The stubs of an @interface class: what goes into a call comes out of it, and mistakes are told."""

from __future__ import annotations

import ast
import math
import mmap
from array import array
from collections.abc import Iterator
from ctypes import CDLL, c_int, c_long, c_size_t, c_void_p
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abi.boot import ROOT_MESSAGE_PAGE
from abi.kernel import MESSAGE_PAGE_BYTES
from metal.compiler.harness import load
from metal.compiler.interfaces import entry_source, expand, placement_source

WORD = st.integers(0, 2**64 - 1)
FIXED = 0x10


@pytest.fixture(scope="module")
def echo() -> Iterator[Any]:
    """The program, with memory where a program without a start record has its message page."""
    library = CDLL(None)
    library.mmap.restype = c_void_p
    library.mmap.argtypes = [c_void_p, c_size_t, c_int, c_int, c_int, c_long]
    flags = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | FIXED
    placed = library.mmap(ROOT_MESSAGE_PAGE, MESSAGE_PAGE_BYTES, mmap.PROT_READ | mmap.PROT_WRITE, flags, -1, 0)
    assert placed == ROOT_MESSAGE_PAGE
    program = load(Path(__file__).parent / "programs" / "values.py")
    program.place()
    yield program
    library.munmap(c_void_p(ROOT_MESSAGE_PAGE), c_size_t(MESSAGE_PAGE_BYTES))


@settings(max_examples=100, deadline=None)
@given(value=st.integers(-128, 127), other=st.integers(0, 65535), word=st.integers(0, 2**32 - 1))
def test_numbers_arrive_as_they_left(echo: Any, value: int, other: int, word: int) -> None:
    assert echo.small(value, other) == value * 1000 + other
    assert echo.wrapping(word) == (word + 1) % 2**32
    assert echo.truth(True) is True
    assert echo.truth(False) is False


def test_enums_are_carried_by_their_numbers(echo: Any) -> None:
    assert [echo.next_mode(mode) for mode in echo.Mode] == [echo.Mode.BRIGHT, echo.Mode.BLINKING, echo.Mode.DARK]


@settings(max_examples=100, deadline=None)
@given(value=st.floats(-1e300, 1e300), other=st.floats(width=32, allow_nan=False, allow_infinity=False))
def test_numbers_with_fractions_keep_every_bit(echo: Any, value: float, other: float) -> None:
    assert echo.half(value, other) == value / 2 + other
    assert math.copysign(1, echo.single(other)) == math.copysign(1, other)
    assert echo.single(other) == other


@settings(max_examples=50, deadline=None)
@given(values=st.lists(st.integers(0, 2**40), min_size=9, max_size=9))
def test_more_words_than_registers_travel_too(echo: Any, values: list[int]) -> None:
    expected = 0
    for value in values:
        expected = expected * 3 + value
    assert echo.many(*values) == expected


@settings(max_examples=100, deadline=None)
@given(data=st.binary(max_size=1000), room=st.integers(0, 1000))
def test_bytes_go_both_ways(echo: Any, data: bytes, room: int) -> None:
    into = bytearray(b"x" * room)
    given_back = echo.reverse(data, into)
    if room < len(data):
        assert given_back == echo.CallError.REFUSED
        assert into == b"x" * room
    else:
        assert given_back == len(data)
        assert bytes(into) == data[::-1] + bytes(room - len(data))


@settings(max_examples=200, deadline=None)
@given(data=st.binary(max_size=12) | st.text(max_size=6).map(str.encode))
def test_only_text_is_text(echo: Any, data: bytes) -> None:
    try:
        data.decode()
        expected = len(data)
    except UnicodeDecodeError:
        expected = echo.CallError.REFUSED
    assert echo.length(data) == expected


def test_what_does_not_fit_a_message_is_not_sent(echo: Any) -> None:
    assert echo.reverse(bytes(5000), bytearray(1)) == echo.CallError.TOO_LARGE


@settings(max_examples=100, deadline=None)
@given(x=st.integers(-(2**40), 2**40), y=st.integers(-127, 127))
def test_a_struct_travels_by_value(echo: Any, x: int, y: int) -> None:
    assert echo.mirrored(x, y) == -1000 * x - y


@settings(max_examples=100, deadline=None)
@given(
    by=st.integers(-100, 100),
    name=st.binary(min_size=5, max_size=5),
    steps=st.lists(st.integers(0, 65535), min_size=3, max_size=3),
    mode=st.integers(0, 2),
    weight=st.floats(width=32, allow_nan=False),
)
def test_every_kind_of_field_arrives(
    echo: Any, by: int, name: bytes, steps: list[int], mode: int, weight: float
) -> None:
    modes = [echo.Mode.DARK, echo.Mode.BRIGHT, echo.Mode.BLINKING]
    outcome = echo.turned(by, name, array("H", steps), modes[mode], weight)
    if by == 0:
        assert outcome == echo.CallError.REFUSED
        return
    assert outcome is None
    assert echo.turned_place() == (7 + by) * 1000 - 7
    assert echo.turned_kind() == modes[(mode + 1) % 3]
    assert echo.turned_weight() == weight
    back = bytearray(5)
    echo.turned_name(back)
    assert bytes(back) == name[::-1]
    assert [echo.turned_step(index) for index in range(3)] == steps[::-1]


@settings(max_examples=100, deadline=None)
@given(text=st.text(max_size=300))
def test_a_text_comes_back_as_a_result(echo: Any, text: str) -> None:
    into = bytearray(2000)
    size = echo.title(text.encode(), into)
    assert into[:size].decode() == "*" + text


@settings(max_examples=50, deadline=None)
@given(data=st.binary(max_size=199))
def test_bytes_come_back_as_a_result(echo: Any, data: bytes) -> None:
    into = bytearray(200)
    size = echo.halves(data, into)
    if len(data) == 1:
        assert size == echo.CallError.TIMED_OUT
    else:
        assert into[:size] == data[: len(data) // 2]


def test_a_result_that_does_not_fit_a_message_is_an_error(echo: Any) -> None:
    assert echo.halves(bytes(200), bytearray(4000)) == echo.CallError.TOO_LARGE


def test_each_connection_keeps_its_own_results(echo: Any) -> None:
    assert echo.results_of_two_objects() is True


def test_errors_are_values(echo: Any) -> None:
    assert echo.nothing(0) is None
    assert echo.nothing(4) == echo.CallError.TIMED_OUT
    assert echo.absent() == echo.CallError.UNREACHABLE


def test_calls_reach_the_one_object(echo: Any) -> None:
    before = echo.calls()
    echo.truth(True)
    assert echo.calls() == before + 1


LAMP = """
from metal import struct, u8
from system.app import CallError, connect, interface, posted, serve

class Plain:
    pass

@struct
class Empty:
    pass

@struct
class Inner:
    level: u8 = 0
    next: Ptr[Outer] | None = None

@struct
class Outer:
    inner: Inner = Inner()

@struct
class Named:
    name: str = ""

@struct
class Open:
    level: u8

@struct
class Grid:
    rows: Array[Array[u8]] = array(2, 3)

@struct
class Nested:
    inner: Nested = Nested()

@interface
class Lamp:
    {promise}

@struct
class Desk:
    on: bool = False
    {kept}

desk: Desk = Desk()

def main() -> None:
    {use}
"""
PROMISE = "def switch(self, on: bool) -> bool | CallError: ..."
KEPT = "def switch(self, on: bool) -> bool: return on"
USE = 'serve(Lamp, desk, "lamp")'


def problems(promise: str = PROMISE, kept: str = KEPT, use: str = USE) -> list[str]:
    """What the pass says of a service."""
    tree = ast.parse(LAMP.format(promise=promise, kept=kept, use=use))
    found = expand("lamp", tree, lambda name: None)
    assert all(problem.cure for problem in found)
    return [problem.message for problem in found]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"promise": "def switch(self, on: bool) -> bool: ..."},
         "switch can fail, because its service may be elsewhere"),
        ({"promise": "def switch(self, on: list[u8]) -> bool | CallError: ..."}, "a call cannot carry list[u8]"),
        ({"promise": "def switch(self, on) -> bool | CallError: ..."}, "a call cannot carry a value without a type"),
        ({"promise": "def switch(self, on: bool) -> Slice[u8] | CallError: ..."}, "a call cannot return Slice[u8]"),
        ({"promise": "def switch(self, on: Plain) -> bool | CallError: ..."}, "a call cannot carry Plain"),
        ({"promise": "def switch(self, on: Empty) -> bool | CallError: ..."},
         "a call cannot carry Empty: it has no fields"),
        ({"promise": "def switch(self, on: Outer) -> bool | CallError: ..."},
         "a call cannot carry Outer: its field inner.next is Ptr[Outer] | None"),
        ({"promise": "def switch(self, on: bool) -> Named | CallError: ..."},
         "a call cannot return Named: its field name is str"),
        ({"promise": "def switch(self, on: Open) -> bool | CallError: ..."},
         "a call cannot carry Open: its field level has no default"),
        ({"promise": "def switch(self, on: Grid) -> bool | CallError: ..."},
         "a call cannot carry Grid: its field rows is Array[Array[u8]]"),
        ({"promise": "def switch(self, on: Nested) -> bool | CallError: ..."},
         "a call cannot carry Nested: its field inner is Nested"),
        ({"promise": "def switch(self, on: bool = True) -> bool | CallError: ..."},
         "switch wants self and plain parameters"),
        ({"promise": "def switch(self, on: bool) -> bool | CallError: return on"},
         "switch is a promise, it has no body"),
        ({"promise": "on: bool"}, "an interface has methods only"),
        ({"promise": "@posted\n    def switch(self, on: bool) -> bool | CallError: ..."},
         "nobody waits for switch, so it has no result"),
        ({"kept": "def other(self) -> None: pass"}, "Desk has no method switch, which Lamp promises"),
        ({"kept": "def switch(self, on: u8) -> bool: return True"}, "switch differs from Lamp.switch"),
        ({"kept": "def switch(self, on: bool) -> u8: return 1"}, "switch differs from Lamp.switch"),
        ({"use": 'serve(Lamp, Desk(), "lamp")'}, "serve wants an interface, a global object and a name"),
        ({"use": 'serve(Lamp, light, "lamp")'}, "light is not a global of this module"),
        ({"use": 'serve(Desk, desk, "lamp")'}, "Desk is not an @interface class"),
        ({"use": "connect(Lamp)"}, "connect wants an interface and a name"),
        ({"use": 'connect(Light, "lamp")'}, "Light is not known here"),
    ],
)  # fmt: skip
def test_a_mistake_in_an_interface_is_told(changed: dict[str, str], message: str) -> None:
    assert message in problems(**changed)


def test_a_right_service_has_no_problem() -> None:
    assert problems() == []


def identity(promise: str, before: str = "") -> str:
    """The number of the only method, as the generated code has it."""
    tree = ast.parse(before + LAMP.format(promise=promise, kept=KEPT, use="pass"))
    assert not expand("lamp", tree, lambda name: None)
    return next(ast.unparse(n.args[0]) for n in ast.walk(tree) if isinstance(n, ast.Call)
                and isinstance(n.func, ast.Attribute) and n.func.attr == "begin")  # fmt: skip


def test_any_change_of_a_signature_changes_the_number_of_the_method() -> None:
    numbers = {
        identity(PROMISE),
        identity("def switch(self, on: u8) -> bool | CallError: ..."),
        identity("def switch(self, on: bool) -> u8 | CallError: ..."),
        identity("def toggle(self, on: bool) -> bool | CallError: ..."),
        identity("def switch(self, on: bool, dim: u8) -> bool | CallError: ..."),
    }
    assert len(numbers) == 5
    assert identity("def switch(self, light: bool) -> bool | CallError: ...") in numbers


def test_a_changed_member_of_an_enum_changes_the_number_too() -> None:
    promise = "def switch(self, mode: Mode) -> bool | CallError: ..."
    numbers: set[str] = set()
    for members in ("OFF = 0", "OFF = 0\n    ON = 1", "OFF = 1", "NONE = 0"):
        numbers.add(identity(promise, f"class Mode(Enum):\n    {members}\n"))
    assert len(numbers) == 4


def test_an_enum_is_found_where_the_interface_is_declared() -> None:
    shared = LAMP.format(promise="def switch(self, mode: Mode) -> bool | CallError: ...", kept="x: u8 = 0", use="pass")
    modules = {
        "shared": ast.parse("from modes import Mode\n" + shared),
        "modes": ast.parse("class Mode(Enum):\n    OFF = 0\n    ON = 1\n"),
    }
    server = ast.parse(
        "from modes import Mode\nfrom shared import Lamp\nfrom system.app import serve\n@struct\nclass Desk:\n"
        "    def switch(self, mode: Mode) -> bool: return True\ndesk: Desk = Desk()\n"
        "def main() -> None: serve(Lamp, desk, 'lamp')"
    )
    assert expand("server", server, modules.get) == []
    assert "motet_word == 0 or motet_word == 1" in ast.unparse(server)


def test_an_entry_calls_main_in_each_accepted_form() -> None:
    for form, call in [
        ("def main() -> None: ...", "    main()\n    return 0"),
        ("def main() -> u8: ...", "    return main()"),
        ("def main(arguments: Arguments) -> u8: ...", "    return main(arguments)"),
    ]:
        assert call in entry_source("app", form)
    for form in ["x = 1", "def main(a: u8, b: u8) -> u8: ...", "def main() -> bool: ..."]:
        with pytest.raises(ValueError, match="main"):
            entry_source("app", form)


def test_a_placement_registers_every_service() -> None:
    source = placement_source(["apps.lamp", "apps.door"])
    assert source.count("import main") == 2
    assert ast.parse(source)
    assert ast.parse(placement_source([]))
