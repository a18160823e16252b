"""Boards and images: what the files say, and the words for what they must not say."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from metal.targets import target_named
from motet.errors import MotetError, Refusals
from motet.plan.board import all_boards, board_names, family_boards, find_board, read_extended
from motet.plan.image import image_names
from motet.plan.reading import grant, read_image
from motet.plan.settings import SIZE_UNITS, TIME_UNITS, Settings, parse_quantity

PROGRAM = """\
module = "lamp.py"
priority = 50
memory = "64K"
budget = "1ms"
period = "10ms"
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one app, and the place the test stands in."""
    (tmp_path / "lamp.py").write_text("def main() -> None: ...\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def refusal(folder: Path, text: str) -> str:
    """What reading an image says."""
    (folder / "image.toml").write_text(text)
    with pytest.raises(MotetError) as caught:
        read_image(folder / "image.toml", find_board(None))
    return str(caught.value)


@pytest.mark.parametrize("name", board_names())
def test_every_board_can_be_read(name: str) -> None:
    assert find_board(name).devices


@pytest.mark.parametrize("name", [name for name in image_names() if name != "app"])
def test_every_image_can_be_read(name: str) -> None:
    from motet.paths import IMAGES

    assert read_image(IMAGES / f"{name}.toml", find_board(None)).programs[0].name == "root"


def test_a_family_means_its_board() -> None:
    assert [find_board(board.target) for board in family_boards()] == family_boards()


def test_without_a_wish_there_is_a_board() -> None:
    assert find_board(None) == min(all_boards(), key=lambda board: board.rank)


def test_what_a_board_extends_is_below_it(tmp_path: Path) -> None:
    (tmp_path / "base.toml").write_text('summary = "base"\n[emulator]\nmachine = "one"\ncpu = "fast"\n')
    (tmp_path / "more.toml").write_text('extends = "base"\n[emulator]\nmachine = "two"\n')
    settings = Settings(read_extended(tmp_path / "more.toml", tmp_path), "", [])
    assert settings.text("summary") == "base"
    assert settings.below("emulator").text("machine") == "two"
    assert settings.below("emulator").text("cpu") == "fast"


def test_root_comes_first_and_settings_arrive(folder: Path) -> None:
    (folder / "image.toml").write_text(f'[programs.lamp]\n{PROGRAM}\n[programs.root]\n{PROGRAM}offers = ["x"]\n')
    image = read_image(folder / "image.toml", find_board(None))
    assert [program.name for program in image.programs] == ["root", "lamp"]
    lamp, page = image.programs[1], target_named(find_board(None).target).page_bytes
    assert (lamp.memory, lamp.budget) == (grant(64 << 10, lamp.threads, page), 1_000_000)
    assert image.provider("x") is image.programs[0]


def test_a_refusal_shows_place_line_mark_cure_and_page(folder: Path) -> None:
    text = f"[programs.root]\n{PROGRAM}[programs.lamp]\n{PROGRAM}" + 'calls = ["lihgt"]\noffers = []\n'
    assert refusal(
        folder, text.replace("[programs.lamp]", "[programs.light]\n" + PROGRAM + 'offers = ["light"]\n[programs.lamp]')
    ) == dedent(
        """\
        image.toml:20: "lamp" calls "lihgt", which no program offers
          20 | calls = ["lihgt"]
             |         ^^^^^^^^^ did you mean "light"?
          more: motet explain P010"""
    )


def test_a_broken_file_shows_where_reading_stopped(folder: Path) -> None:
    assert refusal(folder, '[programs.root]\nmodule = "lamp.py\n').startswith("image.toml:2: this is not TOML: ")


def test_five_mistakes_are_five_messages(folder: Path) -> None:
    text = dedent(
        """\
        on_failure = "explode"
        [programs.root]
        module = "lmap.py"
        priority = 999
        memory = "lots"
        budget = "1ms"
        period = "10ms"
        colour = "red"
        """
    )
    (folder / "image.toml").write_text(text)
    with pytest.raises(Refusals) as caught:
        read_image(folder / "image.toml", find_board(None))
    assert sorted(error.code for error in caught.value.errors) == ["P002", "P004", "P004", "P005", "P014"]
    assert [error.place.line for error in caught.value.errors if error.place] == [1, 3, 4, 5, 8]


@pytest.mark.parametrize(
    ("written", "units", "number"),
    [("64K", SIZE_UNITS, 65536), ("1 MiB", SIZE_UNITS, 1 << 20), ("2ms", TIME_UNITS, 2_000_000),
     ("1500us", TIME_UNITS, 1_500_000), ("64", TIME_UNITS, None),
     ("-1K", SIZE_UNITS, None), ("1T", SIZE_UNITS, None), ("", SIZE_UNITS, None)],
)  # fmt: skip
def test_quantities(written: str, units: dict[str, int], number: int | None) -> None:
    assert parse_quantity(written, units) == number


def test_an_optional_program_is_left_out_where_its_device_is_missing(folder: Path) -> None:
    client = "[programs.root]\n" + PROGRAM + 'calls = ["spin"]\n'
    spinner = "[programs.spinner]\n" + PROGRAM + 'devices = ["wheel"]\noffers = ["spin"]\n'
    (folder / "image.toml").write_text(client + spinner + "optional = true\n")
    image = read_image(folder / "image.toml", find_board(None))
    assert [program.name for program in image.programs] == ["root"]
    assert 'device "wheel"' in refusal(folder, client + spinner)


def test_a_device_on_a_bus_needs_the_driver_of_the_bus(folder: Path) -> None:
    text = "[programs.root]\n" + PROGRAM + "[programs.rng]\n" + PROGRAM + 'devices = ["rng"]\n'
    assert '"rng" is on the bus "bus", which no program drives' in refusal(folder, text)
