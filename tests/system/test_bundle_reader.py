"""The bundle as the supervisor reads it: what the host wrote comes back, and no damage makes it trap."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abi import bundle
from metal.compiler.harness import load
from metal.targets import target_named
from motet import bundle as writer
from motet.elf import Executable, Segment
from motet.plan.board import find_board
from motet.plan.image import Image
from motet.plan.reading import grant, read_image
from motet.records import size_of

READER = "system.processes.bundle.Bundle."
IMAGE = """
[programs.root]
module = "lamp.py"
priority = 255
memory = "64K"
budget = "1ms"
period = "10ms"
[programs.server]
module = "lamp.py"
priority = 5
memory = "64K"
budget = "1ms"
period = "10ms"
offers = ["lamp", "door"]
devices = ["console", "bus"]
[programs.client]
module = "lamp.py"
priority = 4
memory = "128K"
budget = "1ms"
period = "10ms"
calls = ["door"]
devices = ["rng"]
arguments = ["one", "two words"]
"""


@pytest.fixture(scope="module")
def reader() -> Any:
    return load("system.processes.bundle")


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Iterator[bytes]:
    """A small bundle: three processes of programs with one segment of code and one of variables."""
    folder = tmp_path_factory.mktemp("image")
    (folder / "lamp.py").write_text("def main() -> None: ...\n")
    (folder / "image.toml").write_text(IMAGE)
    image: Image = read_image(folder / "image.toml", find_board(None))
    code = Segment(0x40_0000, b"code", 4, bundle.READ | bundle.EXECUTE)
    data = Segment(0x40_1000, b"data", 8192, bundle.READ | bundle.WRITE)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(writer, "read_executable", lambda path: Executable(0x40_0000, [code, data]))  # pyright: ignore[reportUnknownLambdaType, reportUnknownArgumentType]
        yield writer.write_bundle(image, dict.fromkeys(["root", "server", "client"], Path("x")), 4096)


class Read:
    """A bundle in memory, and the compiled reader on it."""

    def __init__(self, reader: Any, data: bytes) -> None:
        self.reader = reader
        self.memory = ctypes.create_string_buffer(data, len(data))
        self.bundle = reader.new("Bundle", base=ctypes.addressof(self.memory), size=len(data))

    def __call__(self, method: str, *arguments: object) -> Any:
        return self.reader[READER + method](self.bundle, *arguments)


def name(record: Any) -> str:
    """The text of a Name."""
    return bytes(record.text[i] for i in range(record.bytes_used)).decode()


def test_what_the_host_wrote_comes_back(reader: Any, written: bytes) -> None:
    read = Read(reader, written)
    assert read("is_sound")
    assert [name(read("process", i).name) for i in range(3)] == ["root", "server", "client"]
    server, client = read("process", 1), read("process", 2)
    board = find_board(None)
    memory = grant(128 << 10, threads=1, page_bytes=target_named(board.target).page_bytes)
    assert (server.service_count, server.device_count, client.memory_bytes) == (2, 2, memory)
    console = board.devices["console"]
    assert name(read("device", server.first_device).kind) == console.kind
    assert read("interrupt", read("device", server.first_device).first_interrupt).line == console.interrupts[0]
    window = board.devices["bus"].window or board.devices["bus"]
    on_bus = read("device", client.first_device)
    assert read("device", on_bus.bus).as_bus.window_bytes == window.size
    assert [read("owner", index) for index in range(4)] == [1, 1, 2, 3]
    door = read("permission", client.first_permission).service
    assert name(read("service", door).name) == "door"
    assert read("service", door).process == 1
    arguments = [bytes(read("argument", client.first_argument + i)) for i in range(client.argument_count)]
    assert arguments == [b"one", b"two words"]
    segment = read("program", server.program).segments[1]
    assert bytes(read("bytes_at", segment.offset, segment.file_bytes)) == b"data"
    assert read("find", b"client") == 2
    assert read("find", b"nobody") == 3


def test_a_bundle_that_was_cut_off_is_not_sound(reader: Any, written: bytes) -> None:
    for size in (0, 8, size_of(bundle.BundleHeader), 200, len(written) - 1):
        assert not Read(reader, written[:size] or b"\0")("is_sound")


@settings(max_examples=300, deadline=None)
@given(changes=st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 255)), min_size=1, max_size=6))
def test_a_damaged_bundle_is_refused_or_still_safe_to_read(
    reader: Any, written: bytes, changes: list[tuple[int, int]]
) -> None:
    damaged = bytearray(written)
    for place, value in changes:
        damaged[place % len(damaged)] = value
    read = Read(reader, bytes(damaged))
    if not read("is_sound"):
        return
    plan = read("plan")
    for index in range(plan.process_count):
        process = read("process", index)
        name_bytes = process.name.bytes_used
        assert name_bytes <= bundle.NAME_BYTES
        read("program", process.program)
        for number in range(process.permission_count):
            read("service", read("permission", process.first_permission + number).service)
        for number in range(process.argument_count):
            read("argument", process.first_argument + number)
        for number in range(process.device_count):
            device = read("device", process.first_device + number)
            for interrupt in range(device.interrupt_count):
                read("interrupt", device.first_interrupt + interrupt)
            if device.bus != bundle.NO_BUS:
                assert read("device", device.bus).as_bus.window_bytes
    for index in range(read("header").program_count):
        program = read("program", index)
        for number in range(program.segment_count):
            read("bytes_at", program.segments[number].offset, program.segments[number].file_bytes)
    read("find", b"client")
