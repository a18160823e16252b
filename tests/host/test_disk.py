"""Disks and the files on them: what firmware reads of them, byte by byte, and that they are the same every time."""

from __future__ import annotations

import struct
import subprocess
from pathlib import Path

import pytest

import motet.disk.image as disks
from metal.compiler.build import build_program
from motet.__main__ import status_of
from motet.disk.build import disk_boards, loader_request
from motet.disk.executable import Section, System, efi_file, family_of, relocation_section
from motet.disk.image import FIRST_SECTOR, SECTOR, write_disk
from motet.errors import MotetError, ToolError
from motet.plan.board import Board, Uefi, all_boards, uefi_board

SYSTEM = System(bytes(range(256)) * 20, 0x4020_0000, 0x4020_0010)
# UEFI 2.10, table 3.3.
FILES = {
    "x86_64": ("BOOTX64.EFI", 0x8664),
    "aarch64": ("BOOTAA64.EFI", 0xAA64),
    "riscv64": ("BOOTRISCV64.EFI", 0x5064),
    "loongarch64": ("BOOTLOONGARCH64.EFI", 0x6264),
}


class File:
    """A file for firmware, read as firmware reads it."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        start = struct.unpack_from("<I", data, 60)[0]
        assert data[:2] == b"MZ" and data[start : start + 4] == b"PE\0\0"
        self.machine, self.count = struct.unpack_from("<HH", data, start + 4)
        optional = start + 24
        self.entry = struct.unpack_from("<I", data, optional + 16)[0]
        self.alignment, self.file_alignment = struct.unpack_from("<II", data, optional + 32)
        self.memory, self.headers = struct.unpack_from("<II", data, optional + 56)
        self.subsystem = struct.unpack_from("<H", data, optional + 68)[0]
        self.relocations = struct.unpack_from("<II", data, optional + 112 + 5 * 8)
        self.sections: dict[str, tuple[int, int, int, int, int]] = {}
        for index in range(self.count):
            name, size, address, file_bytes, offset = struct.unpack_from("<8sIIII", data, optional + 240 + index * 40)
            flags = struct.unpack_from("<I", data, optional + 240 + index * 40 + 36)[0]
            self.sections[name.rstrip(b"\0").decode()] = (address, size, offset, file_bytes, flags)


@pytest.mark.parametrize("board", disk_boards(), ids=[board.target for board in disk_boards()])
def test_the_loader_becomes_a_file_that_firmware_accepts(board: Board) -> None:
    family = family_of(board.target)
    data = efi_file(build_program(loader_request(board)).program, family, SYSTEM)
    file = File(data)
    assert (family.file_name, file.machine) == FILES[board.target]
    assert file.subsystem == 10
    code = file.sections[".text"]
    assert code[0] <= file.entry < code[0] + code[1]
    end = file.headers
    for address, size, offset, file_bytes, flags in sorted(file.sections.values()):
        assert address % file.alignment == 0 and offset % file.file_alignment == 0 and address >= end
        assert offset + file_bytes <= len(data)
        assert not (flags & 0x8000_0000 and flags & 0x2000_0000), "no section is both written and executed"
        end = address + size
    assert end <= file.memory
    assert file.relocations == file.sections[".reloc"][:2]
    _, size, offset, _, _ = file.sections[".motet"]
    record = data[offset : offset + size]
    magic, where, length, load, entry = struct.unpack_from("<8sQQQQ", record)
    assert (magic, length, load, entry) == (b"MTSYSTEM", len(SYSTEM.memory), SYSTEM.load_address, SYSTEM.entry)
    assert record[where:] == SYSTEM.memory


def test_places_that_hold_addresses_are_listed_page_by_page() -> None:
    section: Section = relocation_section([0x2008, 0x2010, 0x5FF8], 0x9000)
    assert bytes(section.data) == (
        struct.pack("<IIHH", 0x2000, 12, 0xA008, 0xA010) + struct.pack("<IIHH", 0x5000, 12, 0xAFF8, 0)
    )
    assert bytes(relocation_section([], 0).data) == struct.pack("<IIHH", 0, 12, 0, 0)


def test_a_disk_has_one_partition_with_the_files(tmp_path: Path) -> None:
    disk = tmp_path / "disk.img"
    files = {"BOOTAA64.EFI": b"one" * 1000, "BOOTRISCV64.EFI": b"two" * 2000}
    write_disk(files, disk)
    data = disk.read_bytes()
    assert data[510:512] == b"\x55\xaa" and data[SECTOR : SECTOR + 8] == b"EFI PART"
    entry = data[2 * SECTOR : 2 * SECTOR + 128]
    assert entry[:16] == bytes.fromhex("28732ac11ff8d211ba4b00a0c93ec93b"), "the type of a system partition of UEFI"
    assert struct.unpack_from("<Q", entry, 32)[0] == FIRST_SECTOR
    volume = f"{disk}@@{FIRST_SECTOR * SECTOR}"
    for name, content in files.items():
        shown = subprocess.run(["mtype", "-i", volume, f"::EFI/BOOT/{name}"], capture_output=True, check=True)
        assert shown.stdout == content
    again = tmp_path / "again.img"
    write_disk(files, again)
    assert again.read_bytes() == data


def test_a_missing_tool_is_named_with_its_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(disks, "SYSTEM_PATH", str(tmp_path))
    with pytest.raises(ToolError) as caught:
        write_disk({}, tmp_path / "disk.img")
    assert "mformat is not installed" in str(caught.value) and "apt install mtools" in str(caught.value)


def test_a_family_without_a_loader_is_refused() -> None:
    with pytest.raises(MotetError) as caught:
        family_of("mips64")
    assert "there is no loader for mips64" in str(caught.value)


def test_what_cannot_boot_a_disk_is_told_what_can(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "empty.img").write_bytes(b"")
    without = next(board.name for board in all_boards() if uefi_board(board) is None)
    status = status_of(["run", "apps/hello.py", "--disk", str(tmp_path / "empty.img"), "--on", without])
    told = capsys.readouterr().err
    assert status != 0
    assert f"the emulator has no firmware that boots a disk on {without}" in told
    assert "--on" in told and any(board.name in told for board in all_boards() if uefi_board(board) is not None)


def test_firmware_that_is_missing_is_named(tmp_path: Path) -> None:
    there = tmp_path / "code.fd"
    there.write_bytes(b"")
    assert Uefi("ovmf", "q35", 0, ["-drive", f"if=pflash,file={there}", "-kernel", "{image}"]).missing() == ""
    assert Uefi("ovmf", "q35", 0, ["-drive", f"if=pflash,file={there}.not"]).missing() == f"{there}.not"


def test_a_disk_is_for_every_family(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    disk = tmp_path / "disk.img"
    assert status_of(["image", "-o", str(disk), "--on", "riscv64"]) != 0
    assert "a disk is for every family" in capsys.readouterr().err
    assert not disk.exists()
