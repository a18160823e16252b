"""Which numbers of a stopped program the supervisor takes for places on a stack: the program may have put any there."""

from __future__ import annotations

import ctypes
from typing import Any

import pytest

from abi.start import STACK_SLOT_BYTES, STACKS_ADDRESS
from metal.compiler.harness import load
from metal.compiler.options import Options

STACK_BYTES = 0x4000
TOP = STACKS_ADDRESS + STACK_SLOT_BYTES


@pytest.fixture(scope="module")
def backtrace() -> Any:
    return load("system.supervisor.backtrace")


@pytest.mark.parametrize(
    ("address", "held"),
    [
        (TOP - 8, True), (TOP - STACK_BYTES, True), (TOP + STACK_SLOT_BYTES - 8, True),
        (TOP - STACK_BYTES - 8, False), (TOP, False), (TOP - 4, False), (TOP + 2 * STACK_SLOT_BYTES - 8, False),
        (0, False), (STACKS_ADDRESS - 8, False), (0xFFFF_FFFF_FFFF_FFF8, False), (0xFFFF_FFFF_FF00_0000, False),
    ],
)  # fmt: skip
def test_only_words_of_a_stack_are_followed(backtrace: Any, address: int, held: bool) -> None:
    view = backtrace.new("StackView", stack_bytes=STACK_BYTES, threads=2)
    assert backtrace["system.supervisor.backtrace.StackView.holds"](view, address) is held


STACK, CALLER_STACK, TEXT = TOP - 0x200, TOP - 0x100, 0x40_0000
ROOM, SAVE_RETURN, SAVE_FRAME, SET_FRAME = 0x67BD_FFC0, 0xFFBF_0038, 0xFFBE_0030, 0x03A0_F025
GIVE_BACK, NOTHING = 0x67BD_0040, 0


@pytest.fixture(scope="module")
def by_prologue() -> Any:
    constants = {
        "MAKE_ROOM": ROOM >> 16,
        "SAVE_RETURN": SAVE_RETURN >> 16,
        "SAVE_FRAME": SAVE_FRAME >> 16,
        "SET_FRAME": SET_FRAME,
    }
    define = {f"system.supervisor.backtrace.{name}": value for name, value in constants.items()}
    return load("system.supervisor.backtrace", options=Options(define=define))


@pytest.mark.parametrize(
    ("instructions", "found"),
    [
        ((ROOM, SAVE_RETURN, SAVE_FRAME, SET_FRAME, NOTHING), True),
        ((ROOM, NOTHING, SAVE_FRAME, SET_FRAME, SAVE_RETURN), True),
        ((ROOM, SAVE_RETURN, SAVE_FRAME, SET_FRAME, GIVE_BACK, NOTHING), True),
        ((ROOM, SAVE_RETURN, SAVE_FRAME), False),
        ((ROOM, SAVE_FRAME, SET_FRAME), False),
        ((ROOM, SAVE_RETURN, SET_FRAME), False),
        ((SAVE_RETURN, SAVE_FRAME, SET_FRAME), False),
        ((NOTHING, NOTHING), False),
        ((ROOM, SAVE_RETURN, SAVE_FRAME, SET_FRAME, NOTHING, ROOM), False),
        ((ROOM, SAVE_RETURN, SAVE_FRAME, SET_FRAME, NOTHING, ROOM, SAVE_RETURN), False),
    ],
)
def test_a_function_s_first_instructions_say_where_its_record_is(
    by_prologue: Any, instructions: tuple[int, ...], found: bool
) -> None:
    text = (ctypes.c_uint32 * len(instructions))(*instructions)
    size = ctypes.sizeof(text)
    code = by_prologue.new("Code", start=TEXT, size=size, place=ctypes.addressof(text))
    record = by_prologue.new("Record")
    assert by_prologue["system.supervisor.backtrace.Record.find"](record, code, TEXT + size, STACK) is found
    if found:
        assert (record.frame, record.link) == (STACK + 0x30, STACK + 0x38)


@pytest.mark.parametrize("frame", [0xFFFF_FFFF_FFFF_FFFF, 0xFFFF_FFFF_FFFF_FFF0, 1 << 63])
def test_a_frame_pointer_that_is_nowhere_finds_nothing(backtrace: Any, by_prologue: Any, frame: int) -> None:
    for program in (backtrace, by_prologue):
        text = (ctypes.c_uint32 * 4)(ROOM, SAVE_RETURN, SAVE_FRAME, SET_FRAME)
        code = program.new("Code", start=TEXT, size=16, place=ctypes.addressof(text))
        record = program.new("Record")
        assert program["system.supervisor.backtrace.Record.find"](record, code, TEXT + 16, frame) is False


@pytest.mark.parametrize("counter", [0, 2, TEXT, TEXT - 4, TEXT + 4, 0xFFFF_FFFF_FFFF_FFFC])
def test_a_counter_that_is_nowhere_finds_nothing(by_prologue: Any, counter: int) -> None:
    code = by_prologue.new("Code", start=TEXT, size=0, place=0)
    record = by_prologue.new("Record")
    assert by_prologue["system.supervisor.backtrace.Record.find"](record, code, counter, STACK) is False
