"""What the compiler prints for common mistakes, word by word: each `messages/<mistake>.py` has its `<mistake>.txt`.

After a wording was changed on purpose, `MOTET_WRITE_MESSAGES=1` writes the texts anew; read the difference.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from metal.compiler.diagnostics import Diagnostics
from metal.compiler.options import Options
from metal.compiler.pipeline import compile_program
from tests.language.reading import HERE, ROOT
from tests.language.running import HOST

MESSAGES = HERE / "messages"
MISTAKES = sorted(MESSAGES.glob("*.py"))


def test_at_least_forty_mistakes_have_their_words() -> None:
    assert len(MISTAKES) >= 40


@pytest.mark.parametrize("path", MISTAKES, ids=lambda path: path.stem)
def test_the_words_for(path: Path) -> None:
    found = compile_program(path, roots=[MESSAGES, ROOT], target=HOST, options=Options(trap="host", all_functions=True))
    assert isinstance(found, Diagnostics), "the compiler accepts it"
    drawn = found.draw().replace(str(MESSAGES) + "/", "").replace("tests/language/messages/", "") + "\n"
    golden = path.with_suffix(".txt")
    if os.environ.get("MOTET_WRITE_MESSAGES"):
        golden.write_text(drawn)
    assert drawn == golden.read_text()
    assert str(ROOT) not in drawn
