"""The console's frames: what is encoded comes back, and noise costs only itself."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from abi import console
from motet.frames import Decoder, Frame, RawText, checksum, decode, encode, stuff, unstuff

frames = st.builds(Frame, st.integers(1, 7), st.integers(0, 255), st.binary(max_size=console.PAYLOAD_BYTES))


@given(st.binary(max_size=1000))
def test_stuffing_leaves_no_zero_and_comes_back(data: bytes) -> None:
    assert 0 not in stuff(data)
    assert unstuff(stuff(data)) == data


@given(frames)
def test_a_frame_comes_back(frame: Frame) -> None:
    assert decode(encode(frame)[1:-1]) == frame


@given(st.lists(frames, max_size=8), st.data())
def test_frames_come_back_however_the_bytes_are_cut(sent: list[Frame], data: st.DataObject) -> None:
    line = b"".join(map(encode, sent))
    decoder = Decoder()
    received: list[Frame | RawText] = []
    while line:
        count = data.draw(st.integers(1, len(line)))
        received += decoder.feed(line[:count])
        line = line[count:]
    assert received == sent


@given(frames, st.integers(0, 7), st.data())
def test_a_damaged_frame_is_never_taken_for_another(frame: Frame, bit: int, data: st.DataObject) -> None:
    line = bytearray(encode(frame))
    line[data.draw(st.integers(1, len(line) - 2))] ^= 1 << bit
    assert not [item for item in Decoder().feed(bytes(line)) if isinstance(item, Frame)]


def test_text_around_frames_is_given_at_once_and_in_order() -> None:
    frame = Frame(console.LOG, 3, b"ready")
    got = list(Decoder().feed(b"booting\n" + encode(frame) + b"last words\n"))
    assert got == [RawText(b"booting\n"), frame, RawText(b"last words\n")]


def test_a_lone_zero_does_not_swallow_the_next_frame() -> None:
    frame = Frame(console.LOG, 3, b"ready")
    assert list(Decoder().feed(b"\0" + encode(frame))) == [frame]


def test_the_checksum_is_the_well_known_one() -> None:
    assert checksum(b"123456789") == 0x29B1
