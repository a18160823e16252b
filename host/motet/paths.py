"""Where things lie: the checkout, its state, and names of files as a person would write them."""

from __future__ import annotations

from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
STATE: Final = ROOT / ".motet"
CACHE: Final = STATE / "cache"
REPORTS: Final = STATE / "reports"
BOARDS: Final = ROOT / "boards"
IMAGES: Final = ROOT / "images"
ERROR_PAGES: Final = ROOT / "docs" / "errors"


def shown(path: Path) -> str:
    """The shortest honest name of a file: relative to where the person stands, else to the checkout, else whole."""
    for base in (Path.cwd(), ROOT):
        try:
            return str(path.resolve().relative_to(base))
        except ValueError:
            continue
    return str(path)
