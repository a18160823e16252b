"""Every error of boards and images has a page, and the example on it shows exactly that error."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from motet.errors import MotetError, Refusals
from motet.paths import ERROR_PAGES, ROOT
from motet.plan.board import find_board
from motet.plan.reading import read_image

PAGES = sorted(ERROR_PAGES.glob("P*.md"))
EXAMPLE = re.compile(r"```toml\n(.*?)```", re.DOTALL)


def codes_of(error: MotetError) -> set[str]:
    """The codes of an error, or of all errors in it."""
    return {one.code for one in error.errors} if isinstance(error, Refusals) else {error.code}


@pytest.mark.parametrize(
    "page", [page for page in PAGES if EXAMPLE.search(page.read_text())], ids=lambda page: page.stem
)
def test_the_example_of_a_page_shows_its_error(page: Path, tmp_path: Path) -> None:
    found = EXAMPLE.search(page.read_text())
    assert found is not None
    example = tmp_path / "example.toml"
    example.write_text(found.group(1))
    with pytest.raises(MotetError) as caught:
        read_image(example, find_board(None))
    assert codes_of(caught.value) == {page.stem}
    assert f"motet explain {page.stem}" in str(caught.value)
    assert "example.toml" in str(caught.value)


def test_the_cured_image_is_accepted(tmp_path: Path) -> None:
    page = (ERROR_PAGES / "P012.md").read_text()
    found = EXAMPLE.search(page)
    assert found is not None
    example = tmp_path / "example.toml"
    example.write_text(found.group(1))
    board = find_board(None)
    image = read_image(example, replace(board, memory=2 << 30))
    assert image.program("lamp") is not None


def test_every_code_in_the_source_has_a_page() -> None:
    used = {code for path in (ROOT / "host").rglob("*.py") for code in re.findall(r'"(P\d{3})"', path.read_text())}
    assert used == {page.stem for page in PAGES}


def test_every_page_has_a_title_and_a_cure() -> None:
    for page in PAGES:
        text = page.read_text()
        assert text.startswith(f"# {page.stem}: "), page
        assert "**Cure.**" in text, page
