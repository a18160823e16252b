"""Every refusal of the compiler has a page in docs/errors: its example is refused with that code, its cure accepted."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from metal.compiler.diagnostics import Diagnostics
from metal.compiler.options import Options
from metal.compiler.pipeline import compile_program
from metal.targets import target_named

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "docs" / "errors").glob("M*.md"))
BLOCK = re.compile(r"^```python (?P<kind>wrong|right)(?P<words>[ \w.=]*)\n(?P<text>.*?)^```", re.MULTILINE | re.DOTALL)
OWN_FAILURE = "M199"
"""The code of a failure of the compiler itself, which no example can show."""
CODE = re.compile(r'"(M\d{3})"')


@dataclass(frozen=True)
class Example:
    """One block of a page: `kernel` compiles it as a kernel; `file=NAME` makes it a module for the next ones."""

    page: Path
    number: int
    kind: str
    words: tuple[str, ...]
    text: str


def examples_of(page: Path) -> list[Example]:
    """The blocks of a page in order."""
    found = BLOCK.finditer(page.read_text())
    return [Example(page, n, m["kind"], tuple(m["words"].split()), m["text"]) for n, m in enumerate(found)]


EXAMPLES = [example for page in PAGES for example in examples_of(page)]


def refusals_of(example: Example, folder: Path) -> Diagnostics:
    """What the compiler says about an example, after the module files that stand before it on its page."""
    path = folder / f"{example.page.stem.lower()}_{example.kind}.py"
    for other in examples_of(example.page)[: example.number + 1]:
        name = next((word.removeprefix("file=") for word in other.words if word.startswith("file=")), None)
        if name is not None and other.kind == example.kind:
            (folder / name).write_text(other.text)
    path.write_text(example.text)
    options = Options(kernel="kernel" in example.words, all_functions=True)
    found = compile_program(path, roots=[folder, ROOT], target=target_named("host"), options=options)
    return found if isinstance(found, Diagnostics) else Diagnostics()


@pytest.mark.parametrize(
    "example", EXAMPLES, ids=lambda example: f"{example.page.stem}-{example.kind}-{example.number}"
)
def test_the_example_is_refused_and_the_cure_accepted(example: Example, tmp_path: Path) -> None:
    found = refusals_of(example, tmp_path)
    if example.kind == "wrong" and not any(word.startswith("file=") for word in example.words):
        assert {diagnostic.code for diagnostic in found.found} == {example.page.stem}, found.draw()
    elif example.kind == "right":
        assert found.found == [], found.draw()


@pytest.mark.slow
def test_basedpyright_accepts_every_cure(tmp_path: Path) -> None:
    for example in EXAMPLES:
        if example.kind == "right":
            name = next((word.removeprefix("file=") for word in example.words if word.startswith("file=")), None)
            (tmp_path / (name or f"{example.page.stem}_{example.number}.py")).write_text(example.text)
    settings = {"pythonVersion": "3.11", "typeCheckingMode": "strict", "extraPaths": [str(ROOT)]}
    (tmp_path / "pyrightconfig.json").write_text(json.dumps(settings))
    command = [sys.executable, "-m", "basedpyright", "-p", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, cwd=tmp_path, check=False)
    assert done.returncode == 0, done.stdout[-6000:]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_says_what_why_and_what_next(page: Path) -> None:
    text = page.read_text()
    assert text.startswith(f"# {page.stem}: ")
    assert "**Why.**" in text
    assert "**Cure.**" in text
    if page.stem != OWN_FAILURE:
        assert {example.kind for example in examples_of(page)} == {"wrong", "right"}


def test_every_code_has_a_page_and_every_page_a_code() -> None:
    used = {code for path in (ROOT / "metal" / "compiler").rglob("*.py") for code in CODE.findall(path.read_text())}
    assert used == {page.stem for page in PAGES}
