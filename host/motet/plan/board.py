"""Boards: the machines an image can be made for, one TOML file each."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
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
# Stands for the bootable file among an emulator's arguments.
IMAGE: Final = "{image}"
# Of an address.
HIGHEST: Final = (1 << 63) - 1
# What a board is the default of.
RANKS: Final = {"all": 0, "family": 1, "no": 2}


@dataclass(frozen=True)
class Window:
    """The addresses at which the devices of a bus have their registers."""

    base: int
    size: int
    address: int  # the number by which the bus knows the first byte


@dataclass(frozen=True)
class Messages:
    """How devices of a bus interrupt by writing a number to an address."""

    address: int
    data: int  # for the first line; one more for each further line
    first: int  # line
    count: int

    def lines(self, wanted: int) -> list[int]:
        """So many lines, or as many as there are."""
        return [self.first + index for index in range(min(wanted, self.count))]


@dataclass(frozen=True)
class Device:
    """A device of a board that a driver may be handed."""

    name: str
    kind: str
    base: int
    size: int
    ports: bool  # base and size count ports, not bytes of memory
    spacing: int  # bytes from one of its registers to the next, where machines differ
    interrupts: list[int]
    bus: str | None  # the device that is the bus it is on, which finds its registers and its interrupt
    window: Window | None  # of a bus
    messages: Messages | None
    function_bytes: int  # of configuration space


@dataclass(frozen=True)
class Emulator:
    """How QEMU is asked for this machine."""

    program: str
    package: str  # empty when none holds it; then `origin` says where it comes from
    machine: str
    cpu: str
    origin: str = ""
    cpus: int = 0  # that it always has; 0: as many as are asked for
    tree: str = ""  # the source of the device tree that it is to be given, a file beside the board's
    arguments: list[str] = field(default_factory=list[str])
    firmware_speaks: bool = False  # before the kernel, on the same console
    serial: int = 0  # which of its serial lines is the console
    counts: bool = True  # it can take the number of executed instructions for the time
    boot: list[str] = field(default_factory=lambda: ["-kernel", IMAGE])  # IMAGE stands for the file
    status_shift: int = 0  # it ends with the device's status shifted left so far, and ones below

    @property
    def cure(self) -> str:
        """What to do when it is not on this machine."""
        return f"apt install {self.package}, or run: motet doctor" if self.package else f"get {self.origin}"

    @property
    def most_status(self) -> int:
        """The greatest status of the device that it can end with; the device tells a greater one as this."""
        return 0xFF >> self.status_shift

    def status_of(self, code: int) -> int:
        """The device's status in the emulator's; a code that holds none is told beyond all statuses."""
        ones = (1 << self.status_shift) - 1
        return code >> self.status_shift if code & ones == ones else 256 + code


@dataclass(frozen=True)
class Uefi:
    """How UEFI firmware is had in the emulator; without `boot` there is none, but the board's disks have a loader."""

    package: str
    machine: str
    memory: int  # that it needs at least
    boot: list[str]

    def missing(self) -> str:
        """A file of the firmware that this machine has not; empty when all are there."""
        words = (part.removeprefix("file=") for word in self.boot for part in word.split(","))
        return next((word for word in words if word.startswith("/") and not Path(word).exists()), "")


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
    chips: str  # the set that it has, where it is not that of its family
    emulator: Emulator
    uefi: Uefi | None  # None where no such firmware is known
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
    image, emulator, uefi = settings.below("image"), settings.below("emulator"), settings.below("uefi")
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
        load_address=image.integer("load", 0, HIGHEST),
        chips=image.text("chips", ""),
        emulator=Emulator(
            program=emulator.text("program"),
            package="" if emulator.has("origin") else emulator.text("package"),
            origin=emulator.text("origin", ""),
            machine=emulator.text("machine"),
            cpu=emulator.text("cpu"),
            cpus=emulator.integer("cpus", 0, 64, 0),
            tree=emulator.text("tree", ""),
            arguments=emulator.words("arguments"),
            firmware_speaks=emulator.flag("firmware_speaks", False),
            serial=emulator.integer("serial", 0, 7, 0),
            counts=emulator.flag("counts", True),
            status_shift=emulator.integer("status_shift", 0, 7, 0),
        ),
        uefi=read_uefi(uefi, emulator) if settings.has("uefi") else None,
        devices={device.name: device for device in map(read_device, settings.tables("devices").values())},
        waivers=[read_waiver(waiver) for waiver in settings.tables("waivers").values()],
    )
    for part in (settings, image, emulator, uefi):
        part.finish()
    if errors:
        raise Refusals(errors)
    return board


def read_uefi(settings: Settings, emulator: Settings) -> Uefi:
    """The firmware of a board; the machine is the emulator's own unless another is named."""
    return Uefi(
        package=settings.text("firmware_package", ""),
        machine=settings.text("machine", emulator.text("machine")),
        memory=settings.size("least_memory", "0"),
        boot=settings.words("boot"),
    )


def uefi_board(board: Board) -> Board | None:
    """The same board booted from a disk by firmware; None where the emulator has no firmware for it."""
    if board.uefi is None or not board.uefi.boot:
        return None
    emulator = replace(board.emulator, machine=board.uefi.machine, boot=board.uefi.boot, firmware_speaks=True)
    return replace(board, emulator=emulator, memory=max(board.memory, board.uefi.memory))


def read_waiver(settings: Settings) -> Waiver:
    """One waiver of a board."""
    waiver = Waiver(check=settings.text("check"), reason=settings.text("reason"))
    settings.finish()
    return waiver


def read_device(settings: Settings) -> Device:
    """One device of a board: at addresses of its own, or on a bus."""
    bus = settings.text("bus", "") or None
    window, messages = settings.below("window"), settings.below("messages")
    interrupts = settings.numbers("interrupts", 0, 1 << 31)
    if settings.has("interrupt"):
        interrupts = [settings.integer("interrupt", 0, 1 << 31)]
    settings.known.add("interrupt")
    placed = bus is None and not settings.has("window")
    device = Device(
        name=settings.name.removeprefix("devices."),
        kind=settings.text("kind"),
        base=settings.integer("base", 0, HIGHEST, None if placed else 0),
        size=settings.size("size", None if placed else "0"),
        ports=settings.flag("ports", False),
        spacing=settings.integer("spacing", 1, 64, 1),
        interrupts=interrupts,
        bus=bus,
        window=read_window(window) if settings.has("window") else None,
        messages=read_messages(messages) if settings.has("messages") else None,
        function_bytes=settings.size("function", "0"),
    )
    for part in (settings, window, messages):
        part.finish()
    return device


def read_window(settings: Settings) -> Window:
    """[devices.BUS.window]; the bus counts as the CPU does unless it says otherwise."""
    base = settings.integer("base", 0, HIGHEST)
    return Window(base, settings.size("size"), settings.integer("address", 0, HIGHEST, base))


def read_messages(settings: Settings) -> Messages:
    """[devices.BUS.messages]; the data is the line's number unless it says otherwise."""
    first = settings.integer("first", 0, 1 << 31)
    return Messages(
        address=settings.integer("address", 0, HIGHEST),
        data=settings.integer("data", 0, (1 << 32) - 1, first),
        first=first,
        count=settings.integer("count", 1, 1 << 16),
    )
