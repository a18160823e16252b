"""What a person chose on the command line, made into a board and an image that were read and checked."""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from motet.errors import CompileError, MotetError, Place, PlanError
from motet.paths import IMAGES
from motet.plan.board import Board, find_board
from motet.plan.image import Image, find_image
from motet.plan.reading import read_image
from motet.plan.settings import SIZE_UNITS, parse_quantity

MEGABYTE: Final = 1 << 20
APP_PROGRAM: Final = "app"
SHELL_PROGRAM: Final = "shell"


@dataclass(frozen=True)
class Choice:
    """What a person asked for."""

    what: str | None = None  # an app's file, an image's file or name; None is the shell
    arguments: tuple[str, ...] = ()  # for the app
    board: str | None = None
    memory: str | None = None
    cpus: int | None = None
    lines: tuple[str, ...] = ()  # for the shell


def choose(choice: Choice) -> tuple[Board, Image, int]:
    """The board and the image, read and checked."""
    board = find_board(choice.board)
    cpus = chosen_cpus(choice.cpus, board)
    board = replace(board, memory=chosen_memory(choice.memory, board), cpus=cpus)
    what = choice.what
    if what is not None and what.endswith(".py"):
        app = Path(what)
        if not app.is_file():
            raise PlanError(f'there is no file "{what}"', cure=near_files(app), code="P014")
        image = read_image(IMAGES / "app.toml", board, app)
        grant_app(image, app)
    else:
        image = read_image(find_image(what or SHELL_PROGRAM), board)
    give_arguments(image, choice)
    return board, image, cpus


def give_arguments(image: Image, choice: Choice) -> None:
    """The program whose end is the device's end gets the arguments, the shell its lines."""
    main = next((program for program in image.programs if program.halt_on_exit), None)
    if choice.arguments:
        if main is None:
            raise MotetError(f"arguments need a program with halt_on_exit = true, and {image.file.name} has none")
        main.arguments = [*main.arguments, *choice.arguments]
    if choice.lines:
        shell = image.program(SHELL_PROGRAM)
        if shell is None:
            raise MotetError(f'--exec needs a program "shell", and {image.file.name} has none')
        shell.arguments = [*shell.arguments, *choice.lines]


def grant_app(image: Image, app: Path) -> None:
    """An app run on its own may offer what its file serves: `serve(Lamp, lamp, "lamp")` says so."""
    program = image.program(APP_PROGRAM)
    try:
        tree = ast.parse(app.read_text(encoding="utf-8", errors="replace"))
    except SyntaxError:
        return
    if program is None:
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("serve", "offer"):
            name = node.args[-1] if node.args else None
            if isinstance(name, ast.Constant) and isinstance(name.value, str):
                if image.provider(name.value) is not None:
                    raise CompileError(
                        f'the service "{name.value}" is already offered by the system',
                        place=Place(app, node.lineno), cure="give it another name", code="P009",
                    )  # fmt: skip
                program.offers.append(name.value)


def near_files(app: Path) -> str:
    """The .py files beside the one that is not there, or how to make one."""
    near = sorted(path.name for path in app.parent.glob("*.py"))[:5] if app.parent.is_dir() else []
    return f"there are: {', '.join(near)}" if near else f"to make it: motet new {app.stem}"


def chosen_cpus(wanted: int | None, board: Board) -> int:
    """--cpus, as many as the board can have."""
    if wanted is not None and wanted > board.most_cpus:
        raise PlanError(
            f"{board.name} has at most {board.most_cpus} processors", cure="give fewer: --cpus", code="P005"
        )
    return wanted or board.cpus


def chosen_memory(written: str | None, board: Board) -> int:
    """--memory as bytes, whole megabytes within what the kernel can use."""
    if written is None:
        return board.memory
    size = parse_quantity(written, SIZE_UNITS)
    if size is None or size % MEGABYTE or not board.least_memory <= size <= board.most_memory:
        between = f"{board.least_memory // MEGABYTE}M to {board.most_memory // MEGABYTE}M"
        raise PlanError(f'--memory cannot be "{written}"', cure=f'write {between}, or "1G"', code="P005")
    return size
