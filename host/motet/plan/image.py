"""Images: the programs of a system and what each may have, one TOML file each."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from abi import bundle
from motet.errors import Place, PlanError
from motet.paths import IMAGES
from motet.plan.board import Device
from motet.plan.settings import one_of

ROOT_PROGRAM: Final = "root"
APP: Final = "@app"
DRIVER: Final = "@driver"

RESTARTS: Final = {"never": bundle.NEVER, "on-failure": bundle.ON_FAILURE, "always": bundle.ALWAYS}
POWERS: Final = {
    "power-off": bundle.POWER_OFF,
    "supervise": bundle.SUPERVISE,
    "inspect": bundle.INSPECT,
    "control": bundle.CONTROL,
}
FAILURES: Final = {"stop": bundle.STOP, "restart": bundle.RESTART}
CONSOLES: Final = {"frames": bundle.FRAMES, "plain": bundle.PLAIN}


@dataclass
class Program:
    """One program of an image and what it gets."""

    name: str
    place: Place
    module: str
    file: Path
    priority: int
    ceiling: int
    memory: int
    stack: int
    dma: int
    threads: int
    budget: int
    period: int
    processor: int
    start: bool
    halt_on_exit: bool
    restart: int
    restart_limit: int
    restart_window: int
    powers: list[str]
    devices: list[str]
    offers: list[str]
    calls: list[str]
    posts: list[str]
    arguments: list[str]
    places: dict[str, Place] = field(default_factory=dict[str, Place])
    inside: list[Path] = field(default_factory=list[Path])  # sources of services placed in this program


@dataclass
class Image:
    """A whole system: root first, then the programs as the files list them."""

    name: str
    file: Path
    on_failure: int
    console: int
    programs: list[Program]
    devices: dict[str, Device]
    absent: list[str]  # services of programs that were left out, for want of their devices

    def program(self, name: str) -> Program | None:
        """The program of that name."""
        return next((program for program in self.programs if program.name == name), None)

    def on_bus(self, bus: str) -> int:
        """How many devices that programs drive are on that bus."""
        driven = [self.devices[name] for program in self.programs for name in program.devices]
        return sum(device.bus == bus for device in driven)

    def provider(self, service: str) -> Program | None:
        """Who serves that service."""
        return next((program for program in self.programs if service in program.offers), None)


def image_names() -> list[str]:
    """The images that come with Motet."""
    return sorted(path.stem for path in IMAGES.glob("*.toml"))


def find_image(wanted: str) -> Path:
    """The file of an image given by path or by name."""
    path = Path(wanted)
    if path.suffix == ".toml":
        if path.is_file():
            return path
        if (IMAGES / path.name).is_file():
            return IMAGES / path.name
    elif wanted in image_names():
        return IMAGES / f"{wanted}.toml"
    raise PlanError(f'there is no image "{wanted}"', cure=one_of(path.stem, image_names()), code="P017")
