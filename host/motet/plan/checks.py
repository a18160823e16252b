"""What must hold between the programs of an image, so that it can start and keep its promises."""

from __future__ import annotations

from collections.abc import Iterator

from abi import bundle
from motet.errors import MotetError, Place, PlanError
from motet.plan.board import Board, Device
from motet.plan.image import POWERS, ROOT_PROGRAM, Image, Program
from motet.plan.settings import one_of

MEGABYTE = 1 << 20


def check_image(image: Image, board: Board, errors: list[MotetError], place: Place) -> None:
    """Adds every error of the image to `errors`."""
    if image.program(ROOT_PROGRAM) is None:
        errors.append(
            PlanError(
                'the image has no program "root"', place=place, cure='write extends = "base" at the top', code="P020"
            )
        )
    for program in image.programs:
        errors.extend(check_program(program, image, board))
    errors.extend(check_owners(image))
    if not errors:
        errors.extend(check_circles(image))
        errors.extend(check_memory(image, board, place))


def refuse(program: Program, key: str, sentence: str, cure: str, code: str) -> PlanError:
    """An error at one setting of a program."""
    return PlanError(sentence, place=program.places.get(key, program.place), cure=cure, code=code)


def check_program(program: Program, image: Image, board: Board) -> Iterator[MotetError]:
    """What one program asks for must exist."""
    if len(program.name.encode()) > bundle.NAME_BYTES:
        yield PlanError(
            f'the name "{program.name}" is too long',
            place=program.place,
            cure=f"use at most {bundle.NAME_BYTES} bytes",
            code="P013",
        )
    for device in program.devices:
        if device not in board.devices:
            yield refuse(
                program,
                "devices",
                f'"{program.name}" asks for device "{device}", which {board.name} has not',
                one_of(device, board.devices),
                "P007",
            )
        else:
            yield from check_bus(program, board.devices[device], image)
    offered = {service for other in image.programs for service in other.offers}
    for key, service in [*(("calls", name) for name in program.calls), *(("posts", name) for name in program.posts)]:
        if service not in (*offered, *image.absent):
            yield refuse(
                program,
                key,
                f'"{program.name}" {key} "{service}", which no program offers',
                one_of(service, offered),
                "P010",
            )
        elif service in program.offers:
            yield refuse(
                program,
                key,
                f'"{program.name}" {key} "{service}", which it offers itself',
                "leave it out: a program calls its own functions",
                "P011",
            )
    for power in program.powers:
        if power not in POWERS:
            yield refuse(program, "powers", f'there is no power "{power}"', one_of(power, POWERS), "P016")
    if program.budget > program.period:
        yield refuse(
            program,
            "budget",
            f'"{program.name}" has a budget longer than its period',
            "give it at most its period",
            "P015",
        )
    if program.ceiling < program.priority:
        yield refuse(
            program,
            "ceiling",
            f'the ceiling of "{program.name}" is below its own priority',
            f"give it at least {program.priority}",
            "P004",
        )


def check_bus(program: Program, device: Device, image: Image) -> Iterator[MotetError]:
    """A device on a bus is found by the program that drives the bus."""
    driven = {name for other in image.programs for name in other.devices}
    if device.bus is not None and device.bus not in driven:
        yield refuse(
            program,
            "devices",
            f'"{device.name}" is on the bus "{device.bus}", which no program drives',
            f'add a program with module = "@driver" and devices = ["{device.bus}"]',
            "P007",
        )


def check_owners(image: Image) -> Iterator[MotetError]:
    """A device has one driver, a service one server."""
    devices: dict[str, str] = {}
    services: dict[str, str] = {}
    for program in image.programs:
        for device in program.devices:
            if device in devices:
                yield refuse(
                    program,
                    "devices",
                    f'"{program.name}" asks for device "{device}", which "{devices[device]}" already has',
                    f'let "{program.name}" call "{devices[device]}"',
                    "P008",
                )
            devices.setdefault(device, program.name)
        for service in program.offers:
            if service in services:
                yield refuse(
                    program,
                    "offers",
                    f'"{program.name}" offers "{service}", which "{services[service]}" already offers',
                    "give one of them another name",
                    "P009",
                )
            services.setdefault(service, program.name)


def check_circles(image: Image) -> Iterator[MotetError]:
    """Calls that can go round in a circle would wait for each other for ever."""
    done: set[str] = set()

    def walk(program: Program, path: list[str]) -> list[str] | None:
        if program.name in path:
            return [*path[path.index(program.name) :], program.name]
        if program.name in done:
            return None
        for service in program.calls:
            provider = image.provider(service)
            circle = walk(provider, [*path, program.name]) if provider is not None else None
            if circle:
                return circle
        done.add(program.name)
        return None

    for program in image.programs:
        circle = walk(program, [])
        if circle:
            yield refuse(
                program,
                "calls",
                f"calls go round in a circle: {' calls '.join(circle)}",
                "take one of these calls away",
                "P011",
            )
            return


def check_memory(image: Image, board: Board, place: Place) -> Iterator[MotetError]:
    """The grants must fit the machine, with room for the kernel and the programs themselves."""
    total = sum(program.memory for program in image.programs)
    reserve = 4 * MEGABYTE
    if total + reserve > board.memory:
        largest = max(image.programs, key=lambda program: program.memory)
        yield refuse(
            largest,
            "memory",
            f"the programs ask for {total // MEGABYTE} MiB, and {board.name} has {board.memory // MEGABYTE} MiB"
            f" with {reserve // MEGABYTE} MiB kept for the kernel and the image",
            "give the largest less, or start the device with more: --memory",
            "P012",
        )
