"""Whatever stands in a file, the compiler answers with diagnostics or a program, never with an exception of its own."""

from __future__ import annotations

import ast
import copy
import random
import traceback
from pathlib import Path

import pytest

from metal.compiler.diagnostics import Diagnostics
from metal.compiler.ir import Program
from metal.compiler.options import Options
from metal.compiler.pipeline import compile_program
from tests.language.reading import HERE, ROOT, all_pages
from tests.language.running import HOST

OPTIONS = Options(trap="host", all_functions=True)


def parts_of(tree: ast.Module) -> list[tuple[ast.AST, str, int | None]]:
    """Every place in a tree that holds a part: its owner, the field, the index in a list."""
    places: list[tuple[ast.AST, str, int | None]] = []
    for owner in ast.walk(tree):
        for name, value in ast.iter_fields(owner):
            if isinstance(value, (ast.expr, ast.stmt)):
                places.append((owner, name, None))
            elif isinstance(value, list):
                items: list[object] = list(value)  # pyright: ignore[reportUnknownArgumentType]
                places += [(owner, name, i) for i, item in enumerate(items) if isinstance(item, (ast.expr, ast.stmt))]
    return places


def part(place: tuple[ast.AST, str, int | None]) -> ast.AST:
    owner, name, index = place
    held = getattr(owner, name)
    found: ast.AST = held if index is None else held[index]
    return found


def put(place: tuple[ast.AST, str, int | None], new: ast.AST) -> None:
    owner, name, index = place
    if index is None:
        setattr(owner, name, new)
    else:
        getattr(owner, name)[index] = new


def spoil(text: str, chance: random.Random) -> str:
    """The text with one part put where another of its kind stood, or a statement left out."""
    tree = ast.parse(text)
    places = parts_of(tree)
    for _ in range(chance.choice([1, 1, 2])):
        place = chance.choice(places)
        old = part(place)
        if isinstance(old, ast.stmt) and chance.random() < 0.3:
            put(place, ast.Pass())
            continue
        kind = ast.stmt if isinstance(old, ast.stmt) else ast.expr
        put(place, copy.deepcopy(part(chance.choice([other for other in places if isinstance(part(other), kind)]))))
    return ast.unparse(ast.fix_missing_locations(tree))


def spoil_characters(text: str, chance: random.Random) -> str:
    """The text without a few characters, or with some of them twice."""
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(text))
        end = at + chance.randint(1, 6)
        text = text[:at] + chance.choice(["", text[at:end] * 2, " ", "(", ":", "\n"]) + text[end:]
    return text


def crashes(count: int, seed: int, folder: Path) -> list[str]:
    """Spoil pages count times and compile each; the sources that made the compiler fail, with its failure."""
    chance = random.Random(seed)
    sources = [page.path.read_text() for page in all_pages()]
    failed: list[str] = []
    for number in range(count):
        text = chance.choice(sources)
        try:
            wrong = spoil_characters(text, chance) if number % 4 == 0 else spoil(text, chance)
        except (SyntaxError, ValueError, RecursionError):
            continue
        path = folder / f"spoiled_{number}.py"
        path.write_text(wrong)
        try:
            done = compile_program(path, roots=[folder, HERE, ROOT], target=HOST, options=OPTIONS)
            assert isinstance(done, (Program, Diagnostics))
            if isinstance(done, Diagnostics):
                assert done.found and done.draw()
                # M199 says that the compiler itself failed.
                assert all(found.code != "M199" for found in done.found), done.draw()
        except Exception:
            failed.append(f"{wrong}\n{traceback.format_exc(limit=-4)}")
        path.unlink()
    return failed


@pytest.mark.slow
def test_three_hundred_spoiled_pages(tmp_path: Path) -> None:
    failed = crashes(300, 1, tmp_path)
    assert not failed, f"{len(failed)} failures, first:\n{failed[0]}"


@pytest.mark.all
@pytest.mark.parametrize("seed", range(2, 12))
def test_five_hundred_more_spoiled_pages(seed: int, tmp_path: Path) -> None:
    failed = crashes(500, seed, tmp_path)
    assert not failed, f"{len(failed)} failures, first:\n{failed[0]}"
