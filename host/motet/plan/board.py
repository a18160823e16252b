"""Boards: the machines an image can be made for, one TOML file each."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from metal.targets import target_names
from motet.errors import MotetError, PlanError, Refusals
from motet.paths import BOARDS
from motet.plan.located import Table, Value, read_table
from motet.plan.settings import Settings, one_of

# What the kernel can use; a board may need more or bear less.
LEAST_MEMORY: Final = "64M"
MOST_MEMORY: Final = "4096M"
# What a board is the default of.
RANKS: Final = {"all": 0, "family": 1, "no": 2}


@dataclass(frozen=True)
class Device:
    """A device of a board that a driver may be handed."""

    name: str
    kind: str
    base: int
    size: int
    interrupt: int | None


@dataclass(frozen=True)
class Emulator:
    """How QEMU is asked for this machine."""

    program: str
    package: str
    machine: str
    cpu: str
    arguments: list[str] = field(default_factory=list[str])
    firmware_speaks: bool = False  # before the kernel, on the same console
    counts: bool = True  # it can take the number of executed instructions for the time


@dataclass(frozen=True)
class Waiver:
    """A check of the suite that this machine cannot run, and why that is accepted."""

    check: str
    reason: str


@dataclass(frozen=True)
class Board:
    """A machine: what is compiled for it, and how it is started."""

    name: str
    file: Path
    summary: str
    target: str
    rank: int  # the lowest is taken when a person names no board, or only a family
    # What it has unless a person asks for something else, and between what a person may ask.
    memory: int
    least_memory: int
    most_memory: int
    cpus: int
    most_cpus: int
    image_format: str
    load_address: int
    emulator: Emulator
    devices: dict[str, Device]
    waivers: list[Waiver]


def board_names() -> list[str]:
    """Every board, by the name of its file."""
    return sorted(path.stem for path in BOARDS.glob("*.toml"))


def all_boards() -> list[Board]:
    """Every board: the default of all first, then those that are the default of their family."""
    return sorted((read_board(name) for name in board_names()), key=lambda board: board.rank)


def family_boards() -> list[Board]:
    """One board of every family, by the family's name."""
    boards = {board.target: board for board in reversed(all_boards())}
    return [boards[target] for target in sorted(boards)]


def find_board(wanted: str | None) -> Board:
    """The board of that name, or the one for that family; without a wish, the default one."""
    if wanted in board_names():
        return read_board(wanted)
    boards = all_boards()
    for board in boards:
        if wanted in (None, board.target):
            return board
    name = wanted or ""
    raise PlanError(
        f'there is no board or processor family "{name}"',
        cure=one_of(name, {*board_names(), *(board.target for board in boards)}),
        code="P006",
    )


def read_extended(path: Path, folder: Path, seen: tuple[Path, ...] = ()) -> Table:
    """A file with everything it extends below it."""
    table = read_table(path)
    below = table.entries.pop("extends", None)
    if below is None:
        return table
    if not isinstance(below, Value) or not isinstance(below.content, str):
        raise PlanError('"extends" must be a text', place=below.place, cure='write extends = "base"', code="P004")
    base = next(
        (
            place / f"{below.content}.toml"
            for place in (path.parent, folder)
            if (place / f"{below.content}.toml").exists()
        ),
        None,
    )
    if base is None:
        known = {other.stem for place in (path.parent, folder) for other in place.glob("*.toml")}
        raise PlanError(
            f'there is no "{below.content}" to extend',
            place=below.place,
            cure=one_of(below.content, known),
            code="P017",
        )
    if base.resolve() in (*seen, path.resolve()):
        raise PlanError(
            f'"{below.content}" extends this file again',
            place=below.place,
            cure="let one of them stand alone",
            code="P018",
        )
    return read_extended(base, folder, (*seen, path.resolve())).merged(table)


def read_board(name: str) -> Board:
    """Reads and checks one board."""
    path = BOARDS / f"{name}.toml"
    errors: list[MotetError] = []
    settings = Settings(read_extended(path, BOARDS), "", errors)
    image, emulator = settings.below("image"), settings.below("emulator")
    targets = {target: target for target in target_names()}
    board = Board(
        name=name,
        file=path,
        summary=settings.text("summary", ""),
        target=settings.choice("target", targets, next(iter(targets))),
        rank=settings.choice("default", RANKS, "no"),
        memory=settings.size("memory"),
        least_memory=settings.size("least_memory", LEAST_MEMORY),
        most_memory=settings.size("most_memory", MOST_MEMORY),
        cpus=settings.integer("cpus", 1, 64, 1),
        most_cpus=settings.integer("most_cpus", 1, 64, 8),
        image_format=image.choice("format", {"flat": "flat", "elf": "elf"}, "flat"),
        load_address=image.integer("load", 0, (1 << 63) - 1),
        emulator=Emulator(
            program=emulator.text("program"),
            package=emulator.text("package"),
            machine=emulator.text("machine"),
            cpu=emulator.text("cpu"),
            arguments=emulator.words("arguments"),
            firmware_speaks=emulator.flag("firmware_speaks", False),
            counts=emulator.flag("counts", True),
        ),
        devices={device.name: device for device in map(read_device, settings.tables("devices").values())},
        waivers=[read_waiver(waiver) for waiver in settings.tables("waivers").values()],
    )
    for part in (settings, image, emulator):
        part.finish()
    if errors:
        raise Refusals(errors)
    return board


def read_waiver(settings: Settings) -> Waiver:
    """One waiver of a board."""
    waiver = Waiver(check=settings.text("check"), reason=settings.text("reason"))
    settings.finish()
    return waiver


def read_device(settings: Settings) -> Device:
    """One device of a board."""
    interrupt = settings.integer("interrupt", 0, 1 << 31, 0) if settings.has("interrupt") else None
    device = Device(
        name=settings.name.removeprefix("devices."),
        kind=settings.text("kind"),
        base=settings.integer("base", 0, (1 << 63) - 1),
        size=settings.size("size"),
        interrupt=interrupt,
    )
    settings.known.add("interrupt")
    settings.finish()
    return device
