"""Reads an image: its file and what that extends, each program's settings, and what must hold between them."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from metal.targets import target_named
from motet.errors import MotetError, Refusals
from motet.paths import IMAGES, ROOT
from motet.plan.board import Board, read_extended
from motet.plan.checks import check_image
from motet.plan.image import APP, CONSOLES, DRIVER, FAILURES, RESTARTS, ROOT_PROGRAM, Image, Program
from motet.plan.settings import Settings, one_of

# Grants are written for the smallest pages. So many of them a process has whatever it does: two tables for each of its
# regions of addresses, those above, and what is mapped at its start; and so many each of its threads.
SMALLEST_PAGE: Final = 4096
PAGES_A_PROCESS: Final = 24
PAGES_A_THREAD: Final = 2


def read_image(path: Path, board: Board, app: Path | None = None) -> Image:
    """Reads one image for one board; every error of the file is told at once."""
    errors: list[MotetError] = []
    settings = Settings(read_extended(path, IMAGES), "", errors)
    image = Image(
        name=path.stem,
        file=path,
        on_failure=settings.choice("on_failure", FAILURES, "stop"),
        console=settings.choice("console", CONSOLES, "frames"),
        programs=[],
        devices=board.devices,
        absent=[],
    )
    for name, table in settings.tables("programs").items():
        if is_wanted(table, board):
            image.programs.append(read_program(name, table, path, app, board))
        else:
            image.absent += table.words("offers")
    image.programs.sort(key=lambda program: program.name != ROOT_PROGRAM)
    services = settings.tables("services")
    for name, table in services.items():
        place_service(name, table, image, path)
    settings.finish()
    check_image(image, board, errors, settings.table.place)
    if errors:
        raise Refusals(errors)
    return image


def is_wanted(settings: Settings, board: Board) -> bool:
    """A program that says `optional` is left out where the board has not all of its devices."""
    return not settings.flag("optional", False) or all(name in board.devices for name in settings.words("devices"))


def read_program(name: str, settings: Settings, image_file: Path, app: Path | None, board: Board) -> Program:
    """One [programs.NAME] table."""
    module = settings.text("module")
    devices = settings.words("devices")
    priority = settings.integer("priority", 0, 255)
    threads = settings.integer("threads", 1, 64, 1)
    program = Program(
        name=name,
        place=settings.table.place,
        module=module,
        file=driver_of(devices, settings, board) if module == DRIVER else source_of(module, settings, image_file, app),
        priority=priority,
        ceiling=settings.integer("ceiling", 0, 255, priority),
        memory=grant(settings.size("memory"), threads, target_named(board.target).page_bytes),
        stack=settings.size("stack", "16K"),
        dma=settings.size("dma", "0"),
        threads=threads,
        budget=settings.duration("budget"),
        period=settings.duration("period"),
        processor=settings.integer("processor", 0, 63, 0),
        start=settings.flag("start", True),
        halt_on_exit=settings.flag("halt_on_exit", False),
        restart=settings.choice("restart", RESTARTS, "never"),
        restart_limit=settings.integer("restart_limit", 0, 1000, 5),
        restart_window=settings.duration("restart_window", "60s"),
        powers=settings.words("powers"),
        devices=devices,
        offers=settings.words("offers"),
        calls=settings.words("calls"),
        posts=settings.words("posts"),
        arguments=settings.words("arguments"),
    )
    program.places = {key: settings.place(key) for key in settings.known}
    settings.finish()
    return program


def grant(memory: int, threads: int, page_bytes: int) -> int:
    """Whole pages, with what larger pages cost a process: its tables, and the ends of pages that nothing fills."""
    memory += (page_bytes - SMALLEST_PAGE) * (PAGES_A_PROCESS + threads * PAGES_A_THREAD)
    return -(-memory // page_bytes) * page_bytes


def driver_of(devices: list[str], settings: Settings, board: Board) -> Path:
    """The driver of a program's first device: the module that is named as the board names the device's kind."""
    device = board.devices.get(devices[0]) if devices else None
    kind = device.kind if device is not None else ""
    files = sorted((ROOT / "system" / "drivers").glob("*/*.py"))
    drivers = {name: path for path in files for name in (path.stem, f"{path.parent.name}-{path.stem}")}
    if kind not in drivers:
        settings.complain(
            settings.place("module"),
            f'"{settings.name}" is the driver of a device, and {"its kind has none" if kind else "it has no device"}',
            f"add system/drivers/{kind.replace('-', '/', 1)}.py" if kind else 'write devices = ["console"]',
            "P014",
        )
    return drivers.get(kind, board.file)


def source_of(module: str, settings: Settings, image_file: Path, app: Path | None) -> Path:
    """The file a program is compiled from: a module of the tree, a file beside the image, or the command line's."""
    if module == APP:
        if app is None:
            settings.complain(
                settings.place("module"),
                f'"{settings.name}" is the app of the command line, and none was given',
                "motet run FILE.py",
                "P014",
            )
        return app or image_file
    candidates = (
        [image_file.parent / module]
        if module.endswith(".py")
        else [base / (module.replace(".", "/") + ".py") for base in (image_file.parent, ROOT)]
    )
    for candidate in candidates:
        if candidate.is_file():
            return candidate
    if module:
        settings.complain(
            settings.place("module"),
            f'there is no source for "{module}"',
            'name a module such as "apps.shell.main", or a file beside this one such as "lamp.py"',
            "P014",
        )
    return image_file


def place_service(name: str, settings: Settings, image: Image, image_file: Path) -> None:
    """One [services.NAME] table: the same service as a process of its own, or inside the programs that call it."""
    module = settings.text("module")
    file = source_of(module, settings, image_file, None)
    placement = settings.choice("placement", {"process": "process", "function": "function"}, "process")
    homes = settings.words("in") if settings.has("in") else []
    settings.known.add("in")
    for home in homes:
        program = image.program(home)
        if program is None:
            settings.complain(
                settings.place("in"),
                f'there is no program "{home}"',
                one_of(home, [program.name for program in image.programs]),
                "P019",
            )
        elif placement == "function":
            program.inside.append(file)
    if placement == "function" and not homes:
        settings.complain(
            settings.table.place,
            f'"{settings.name}" is placed as a function call, but in no program',
            'write in = ["PROGRAM"]',
            "P003",
        )
    if placement == "process" and image.provider(name) is None:
        settings.complain(
            settings.table.place,
            f'"{name}" is placed as a process, but no program offers it',
            f'give one program offers = ["{name}"]',
            "P010",
        )
    settings.finish()
