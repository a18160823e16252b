"""The device tree's reader: right on trees of real machines, and unharmed by mangled ones."""

from __future__ import annotations

import shutil
import subprocess
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metal.compiler.harness import load

READER = Path(__file__).resolve().parents[2] / "kernel" / "boot" / "device_tree.py"
WRITER = Path(__file__).with_name("programs") / "tree.py"
EMULATOR = "qemu-system-aarch64"
MIB = 1 << 20


@lru_cache(maxsize=8)
def tree_of(machine: str, memory: int, cpus: int) -> bytes:
    """The tree that the emulator makes for a machine, without the room that it leaves at the end."""
    if shutil.which(EMULATOR) is None:
        pytest.skip(f"{EMULATOR} is not installed")
    file = Path(f"/tmp/motet-{abs(hash((machine, memory, cpus)))}.dtb")
    try:
        subprocess.run(
            [EMULATOR, "-nodefaults", "-machine", f"{machine},dumpdtb={file}", "-cpu", "cortex-a72",
             "-m", str(memory // MIB), "-smp", str(cpus), "-display", "none"],
            check=True, capture_output=True, timeout=30,
        )  # fmt: skip
        return shortened(file.read_bytes())
    finally:
        file.unlink(missing_ok=True)


def shortened(tree: bytes) -> bytes:
    """The same tree, ending where its last block does."""
    used = max(
        int.from_bytes(tree[8:12], "big") + int.from_bytes(tree[36:40], "big"),
        int.from_bytes(tree[12:16], "big") + int.from_bytes(tree[32:36], "big"),
    )
    return tree[:4] + used.to_bytes(4, "big") + tree[8:used]


@pytest.fixture(scope="module")
def reader() -> Any:
    return load(READER)


def ranges(reader: Any, function: str, *arguments: object) -> list[tuple[int, int]]:
    """All ranges that a function of the reader gives, one after the other."""
    found: list[tuple[int, int]] = []
    place = reader.new("Range")
    while len(found) < 64 and reader[function](*arguments, len(found), place):
        found.append((place.base, place.size))
    return found


def read_all(reader: Any, tree: bytes) -> dict[str, object]:
    """Everything the kernel asks of a tree."""
    answers: dict[str, object] = {
        "bytes": reader.tree_bytes(tree[:40]),
        "memory": ranges(reader, "memory_range", tree),
        "cpus": [base for base, _ in ranges(reader, "cpu_id", tree)],
        "reserved": ranges(reader, "reserved_range", tree),
    }
    for name in (b"arm,pl011", b"arm,gic-v3", b"arm,cortex-a15-gic", b"arm,armv8-timer"):
        node = reader.new("Node")
        if reader.find_node(tree, b"compatible", name, node):
            numbers = [reader.property_number(tree, node, b"interrupts", index, 0) for index in range(9)]
            answers[name.decode()] = (ranges(reader, "register_range", tree, node), numbers)
    return answers


@pytest.mark.parametrize("memory", [64 * MIB, 4096 * MIB])
@pytest.mark.parametrize("cpus", [1, 2])
def test_a_machine_with_gicv2(reader: Any, memory: int, cpus: int) -> None:
    answers = read_all(reader, tree_of("virt", memory, cpus))
    assert answers["memory"] == [(0x4000_0000, memory)]
    assert answers["cpus"] == list(range(cpus))
    assert answers["arm,pl011"] == ([(0x900_0000, 0x1000)], [0, 1, 4, 0, 0, 0, 0, 0, 0])
    registers, _ = answers["arm,cortex-a15-gic"]  # type: ignore[misc]
    assert registers == [(0x800_0000, 0x1_0000), (0x801_0000, 0x1_0000)]
    assert "arm,gic-v3" not in answers


def test_a_machine_with_gicv3(reader: Any) -> None:
    answers = read_all(reader, tree_of("virt,gic-version=3", 128 * MIB, 2))
    registers, _ = answers["arm,gic-v3"]  # type: ignore[misc]
    assert registers[0] == (0x800_0000, 0x1_0000)
    assert registers[1][0] == 0x80A_0000
    assert "arm,cortex-a15-gic" not in answers


def test_how_firmware_is_called(reader: Any) -> None:
    for machine, calls_monitor in (("virt", False), ("virt,virtualization=on", True)):
        node = reader.new("Node")
        assert reader.find_node(tree_of(machine, 64 * MIB, 1), b"method", b"smc", node) is calls_monitor


def test_what_is_no_tree_is_refused(reader: Any) -> None:
    assert reader.tree_bytes(b"") == 0
    assert reader.tree_bytes(bytes(40)) == 0
    assert reader.tree_bytes(b"\xd0\x0d\xfe\xed" + b"\xff" * 36) == 0
    assert ranges(reader, "memory_range", b"") == []
    assert ranges(reader, "memory_range", bytes(4096)) == []


def mangle(tree: bytes, edits: list[tuple[int, int]], cut: int | None) -> bytes:
    """A tree with some bytes changed, and perhaps its end missing."""
    mangled = bytearray(tree)
    for position, value in edits:
        mangled[position % len(mangled)] = value
    return bytes(mangled if cut is None else mangled[: cut % (len(mangled) + 1)])


EDITS = st.lists(st.tuples(st.integers(0, 1 << 20), st.integers(0, 255)), max_size=40)
HEADER_EDITS = st.lists(st.tuples(st.integers(0, 39), st.integers(0, 255)), max_size=8)


@settings(max_examples=150, deadline=None)
@given(edits=EDITS, header=HEADER_EDITS, cut=st.none() | st.integers(0, 1 << 20))
def test_a_mangled_tree_never_fails_a_check(
    reader: Any, edits: list[tuple[int, int]], header: list[tuple[int, int]], cut: int | None
) -> None:
    # A trap would arrive here as an exception; every answer must also stay inside what was asked.
    tree = mangle(tree_of("virt", 64 * MIB, 2), edits + header, cut)
    answers = read_all(reader, tree)
    for base, size in answers["memory"]:  # type: ignore[attr-defined]
        assert base + size < 1 << 64


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400))
def test_noise_behind_a_good_header_never_fails_a_check(reader: Any, noise: bytes) -> None:
    size = 40 + len(noise)
    fields = (0xD00DFEED, size, 40, 40 + len(noise) // 2, 40, 17, 16, 0, 0, len(noise))
    read_all(reader, b"".join(field.to_bytes(4, "big") for field in fields) + noise)


def written_tree(size: int) -> bytes:
    """What the writer makes of so many bytes; empty when the tree does not fit."""
    blob = bytearray(size)
    return bytes(blob[: load(WRITER).write(blob)])


def test_the_reader_finds_in_a_written_tree_what_was_put_there(reader: Any) -> None:
    tree = written_tree(1024)
    assert reader.tree_bytes(tree[:40]) == len(tree)
    assert ranges(reader, "memory_range", tree) == [(0x8_0000_0000, 64 * MIB), (0x1000, 0x9_F000)]
    assert [base for base, _ in ranges(reader, "cpu_id", tree)] == [0, 0x1_0000_0003]
    assert ranges(reader, "reserved_range", tree) == [(0x2000, 0x1000)]


def test_a_tree_without_room_is_no_tree(reader: Any) -> None:
    whole = len(written_tree(1024))
    assert written_tree(whole) == written_tree(1024)
    for size in range(0, whole, 4):
        assert written_tree(size) == b""


def extended_tree(source: bytes, size: int) -> bytes:
    """The source with one more stretch of memory; empty when that is no tree or does not fit."""
    blob = bytearray(size)
    return bytes(blob[: load(WRITER).extend(blob, source)])


@pytest.mark.parametrize("source", [written_tree(1024), tree_of("virt", 64 * MIB, 2)], ids=["written", "emulator"])
def test_a_copied_tree_has_everything_of_its_source_and_what_was_added(reader: Any, source: bytes) -> None:
    tree = extended_tree(source, 2 * len(source))
    assert reader.tree_bytes(tree[:40]) == len(tree)
    before, after = read_all(reader, source), read_all(reader, tree)
    assert after.pop("bytes") == len(tree) and before.pop("bytes") == len(source)
    assert after.pop("memory") == [*before.pop("memory"), (0x9000_0000, 0x3000_0000)]  # type: ignore[misc]
    assert after == before


def test_a_copy_without_room_is_no_tree() -> None:
    source = written_tree(1024)
    whole = len(extended_tree(source, 2048))
    for size in range(0, whole, 4):
        assert extended_tree(source, size) == b""


@settings(max_examples=150, deadline=None)
@given(edits=EDITS, header=HEADER_EDITS, cut=st.none() | st.integers(0, 1 << 20))
def test_copying_a_mangled_tree_never_fails_a_check(
    edits: list[tuple[int, int]], header: list[tuple[int, int]], cut: int | None
) -> None:
    extended_tree(mangle(tree_of("virt", 64 * MIB, 2), edits + header, cut), 1 << 16)
