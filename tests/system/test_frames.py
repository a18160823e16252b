"""The console's frames: what the device writes the host reads, and the other way round."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metal.compiler.harness import Trap, load
from motet.frames import Decoder, Frame, encode

PAYLOAD = st.binary(max_size=240) | st.lists(st.sampled_from([0, 1, 255]), max_size=240).map(bytes)
BYTE = st.integers(0, 255)


@pytest.fixture(scope="module")
def frames() -> Any:
    return load("system.console.frames")


@settings(max_examples=150, deadline=None)
@given(kind=BYTE, process=BYTE, payload=PAYLOAD)
def test_what_the_device_writes_the_host_reads(frames: Any, kind: int, process: int, payload: bytes) -> None:
    written = frames["system.console.frames.Frame.encode"](frames.new("Frame"), kind, process, payload)
    assert list(Decoder().feed(bytes(written))) == [Frame(kind, process, payload)]


@settings(max_examples=150, deadline=None)
@given(kind=BYTE, process=BYTE, payload=PAYLOAD, before=st.binary(max_size=5).map(lambda b: b.replace(b"\0", b"x")))
def test_what_the_host_writes_the_device_reads(
    frames: Any, kind: int, process: int, payload: bytes, before: bytes
) -> None:
    listener = frames.new("Listener")
    heard = [hear(frames, listener, byte) for byte in before + encode(Frame(kind, process, payload))]
    assert heard[: len(before)] == ["RAW"] * len(before)
    assert heard[len(before) :].count("FRAME") == 1
    assert heard[-1] == "FRAME"
    assert bytes(frames["system.console.frames.Listener.payload"](listener)) == payload
    assert frames["system.console.frames.Listener.kind"](listener) == kind


@settings(max_examples=150, deadline=None)
@given(payload=st.binary(min_size=1, max_size=60), where=st.integers(1, 60), flip=st.integers(1, 255))
def test_a_damaged_frame_is_dropped_and_the_next_one_is_heard(
    frames: Any, payload: bytes, where: int, flip: int
) -> None:
    line = bytearray(encode(Frame(4, 0, payload)))
    place = 1 + where % (len(line) - 2)
    line[place] = (line[place] ^ flip) or 1
    damaged = bytes(line) != encode(Frame(4, 0, payload))
    listener = frames.new("Listener")
    heard = [hear(frames, listener, byte) for byte in bytes(line) + encode(Frame(4, 0, b"next"))]
    assert heard.count("FRAME") == (1 if damaged else 2)
    assert heard[-1] == "FRAME"
    assert bytes(frames["system.console.frames.Listener.payload"](listener)) == b"next"


def test_a_payload_that_is_too_long_is_the_callers_mistake(frames: Any) -> None:
    with pytest.raises(Trap):
        frames["system.console.frames.Frame.encode"](frames.new("Frame"), 1, 1, bytes(241))


def hear(frames: Any, listener: Any, byte: int) -> str:
    """The name of what one byte led to."""
    return str(frames.Heard(frames["system.console.frames.Listener.feed"](listener, byte)).name)
