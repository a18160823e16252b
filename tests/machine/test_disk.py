"""One disk boots on every family whose firmware the emulator has, and the suite on it gives the same results."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from metal.targets import target_named
from motet.bundle import lay_bundle
from motet.disk.build import boot_file, disk_boards
from motet.disk.image import write_disk
from motet.plan.board import find_board, uefi_board
from motet.rooted import Machine, Run, build, run_image
from tests.emulators import present

SUITE = "tests.machine.suite.main"
BOARDS = [board.name for board in disk_boards() if uefi_board(board) is not None]
# Firmware that runs at the hypervisor's level starts the loader there.
ENTERED_HIGHER = "qemu-virt-el2"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The suite for every family, on one disk."""
    place = tmp_path_factory.mktemp("disk") / "suite.img"
    write_disk(dict(suite_file(board.name) for board in disk_boards()), place)
    return place


def suite_file(name: str) -> tuple[str, bytes]:
    """What the firmware of one board's family starts."""
    board = find_board(name)
    kernel, root = build(name, SUITE, 1, ())
    bundle = lay_bundle([("root", root.program)], target_named(board.target).page_bytes)
    return boot_file(board, kernel.program, bundle)


@cache
def boot_disk(name: str, disk: Path) -> Run:
    """Lets a board's firmware boot the disk."""
    booted = uefi_board(find_board(name))
    assert booted is not None
    return run_image(Machine(name, memory=booted.memory), booted, disk, 300)


def results(run: Run) -> dict[str, str]:
    """The result of each check by its name."""
    words = (line.partition(" ") for line in run.lines)
    return {name: result for result, _, name in words if result in ("ok", "failed", "skipped")}


@pytest.mark.parametrize("name", [*BOARDS, *present(ENTERED_HIGHER)])
def test_firmware_starts_the_suite_from_the_disk(name: str, disk: Path) -> None:
    run = boot_disk(name, disk)
    assert "motet: starting" in run.lines, run.last()
    assert run.status == 0, run.last()
    found = results(run)
    assert len(found) >= 50 and "failed" not in found.values(), run.last()


def waived(name: str) -> set[str]:
    """The checks that a board's machine cannot run."""
    return {waiver.check for waiver in find_board(name).waivers}


def test_every_family_gives_the_same_results(disk: Path) -> None:
    assert len(BOARDS) >= 2
    found = {name: results(boot_disk(name, disk)) for name in BOARDS}
    first, *others = found
    for other in others:
        assert found[other].keys() == found[first].keys()
        excused = waived(first) | waived(other)
        assert {check for check in found[first] if found[first][check] != found[other][check]} <= excused
