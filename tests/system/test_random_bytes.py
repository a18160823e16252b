"""The entropy device on each bus: its bytes come by interrupt, drivers can die, nobody else reaches it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from motet.plan.board import family_boards
from motet.testing import run_image
from tests.emulators import present

IMAGES = Path(__file__).parent / "images"
# One board of every family that has the device, and those with another bus.
FIRST = [board.name for board in family_boards() if "rng" in board.devices]
BOARDS = [*FIRST, *present("qemu-virt-pci", "qemu-riscv-pci", "qemu-microvm")]
REQUEST_BYTES = 512
RING_BYTES = 4096

pytestmark = pytest.mark.slow


def told(output: str) -> list[tuple[int, int, int, int]]:
    """What each run of the program said: bytes, interrupts, how often the commonest byte came, how many never did."""
    found = re.findall(r"bytes (\d+) interrupts (\d+) most (\d+) missing (\d+)", output)
    return [(int(total), int(interrupts), int(most), int(missing)) for total, interrupts, most, missing in found]


@pytest.mark.parametrize("board", BOARDS)
def test_random_bytes_come_by_interrupt_and_survive_their_drivers(board: str) -> None:
    lines = ["run random_bytes", "kill bus", "run random_bytes", "kill rng", "run random_bytes"]
    done = run_image(str(IMAGES / "parts.toml"), lines, board=board)
    assert done.status == 0 and not done.faults
    runs = told(done.output)
    assert len(runs) == 3
    for total, interrupts, most, missing in runs:
        # What was there before came by earlier interrupts; every request after that took one.
        assert interrupts >= (total - RING_BYTES) // REQUEST_BYTES
        # 64 of each are to be expected among 16384; twice as many of any, or none, is too unlikely to be met.
        assert missing == 0 and most < 64 * 2 * total / 16384


@pytest.mark.parametrize("board", [FIRST[0], *present("qemu-virt-pci")])
def test_another_program_reaches_neither_registers_nor_configuration(board: str) -> None:
    done = run_image(str(IMAGES / "parts.toml"), ["run prober", "run dice"], board=board)
    assert "was given away" not in done.output.replace("nothing was", "")
    assert "nothing was given away\nrun: prober failed\n" in done.output
    assert "register" not in done.output
    assert "prober.py" in done.faults[0] and "register" in done.faults[0]
    assert done.status == 0


def test_a_bus_is_believed_only_about_its_own_window_and_interrupts() -> None:
    done = run_image(str(IMAGES / "liar.toml"), ["run dice"], board=FIRST[0])
    claims = dict(re.findall(r"^(.*): (refused|taken|not taken)$", done.output, re.MULTILINE))
    assert claims.pop("the truth") == "taken"
    assert claims.pop("the bus itself") == claims.pop("no device") == "refused"
    assert claims and set(claims.values()) == {"not taken"}
    assert re.search(r"^[1-6]$", done.output, re.MULTILINE)
