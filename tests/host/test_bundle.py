"""The bundle: what the host writes is what the records of abi/bundle.py say."""

from __future__ import annotations

import struct
from pathlib import Path

from abi import bundle, console
from motet.bundle import Writer, name_record, write_plan, write_program
from motet.elf import Executable, Segment
from motet.plan.board import find_board
from motet.plan.reading import read_image
from motet.records import pack, size_of, unpack

PAGE = 4096


def test_records_have_the_layout_of_c() -> None:
    assert size_of(bundle.Name) == 36
    assert size_of(bundle.SegmentRecord) == 40
    assert size_of(console.FaultReport) <= console.PAYLOAD_BYTES


def test_a_fault_report_comes_back() -> None:
    report = console.FaultReport(program=2, kind=6, address=1 << 63, counter=0x400123, addresses=1)
    report.backtrace[0] = 0x400456
    again = unpack(console.FaultReport, pack(report))
    assert (again.program, again.address, again.counter, again.backtrace[0]) == (2, 1 << 63, 0x400123, 0x400456)


def test_a_short_payload_reads_as_if_followed_by_zeros() -> None:
    assert unpack(console.ExitReport, struct.pack("<I", 7)).status == 7
    assert unpack(console.ExitReport, b"").reason == console.EXIT_FINISHED


def test_segments_start_on_pages_where_their_records_say() -> None:
    writer = Writer()
    writer.add(b"header")
    code = Segment(0x40_0000, b"code", 4, bundle.READ | bundle.EXECUTE)
    data = Segment(0x40_1000, b"data", 8192, bundle.READ | bundle.WRITE)
    record = write_program(writer, "lamp", Executable(0x40_0000, [code, data]), PAGE)
    assert [int(segment.offset) % PAGE for segment in record.segments] == [0, 0]
    for segment, wanted in zip(record.segments, (code, data), strict=True):
        start = int(segment.offset)
        assert bytes(writer.data[start : start + int(segment.file_bytes)]) == wanted.data
    packed = pack(record)
    assert len(packed) == size_of(bundle.ProgramRecord)
    assert packed[4:8] == b"lamp"


def test_the_plan_names_slices_of_its_tables(tmp_path: Path) -> None:
    (tmp_path / "lamp.py").write_text("def main() -> None: ...\n")
    settings = 'module = "lamp.py"\npriority = 5\nmemory = "64K"\nbudget = "1ms"\nperiod = "10ms"\n'
    (tmp_path / "image.toml").write_text(
        f'[programs.root]\n{settings}[programs.server]\n{settings}offers = ["a", "b"]\ndevices = ["console"]\n'
        f'[programs.client]\n{settings}calls = ["b"]\narguments = ["one", "two words"]\nhalt_on_exit = true\n'
    )
    image = read_image(tmp_path / "image.toml", find_board(None))
    writer = Writer()
    plan = write_plan(writer, image)
    assert (plan.process_count, plan.service_count, plan.permission_count, plan.argument_count) == (3, 2, 1, 2)
    size = size_of(bundle.ProcessRecord)
    client = bytes(writer.data[int(plan.process_offset) + 2 * size :][:size])
    assert client[4:10] == b"client"
    permission = struct.unpack_from("<I", writer.data, int(plan.permission_offset))[0]
    assert permission == 1, "the client may call the second service"
    offset, length = struct.unpack_from("<QQ", writer.data, int(plan.argument_offset) + 16)
    assert writer.data[offset : offset + length] == b"two words"


def test_a_name_knows_its_length() -> None:
    assert pack(name_record("é"))[:6] == b"\x02\0\0\0\xc3\xa9"
