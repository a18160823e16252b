"""gdb in front of an emulated device: stops on lines of Python and shows Python names."""

from __future__ import annotations

import ast
import contextlib
import shutil
import signal
import socket
import subprocess
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from motet.emulator import Emulator, Settings
from motet.errors import ToolError
from motet.launch import Laid
from motet.paths import ROOT
from motet.programs import module_of
from motet.session import Session, person_outlets

GDB: Final = "gdb-multiarch"


def debug(laid: Laid, name: str, commands: Sequence[str]) -> int:
    """Boots the device stopped, and hands the terminal to gdb; with `commands`, gdb runs those and ends."""
    gdb = shutil.which(GDB)
    if gdb is None:
        raise ToolError(f"{GDB} is not installed", cure=f"apt install {GDB}, or run: motet doctor")
    port = free_port()
    settings = Settings(memory=laid.board.memory, cpus=laid.cpus, debugger_port=port)
    program = laid.programs.programs[name].program
    # The cache goes by content, gdb by dates: without this it would warn of a source that is only newer.
    program.touch()
    stop = next(start_of_main(each.file) for each in laid.image.programs if each.name == name)
    with Emulator(laid.board, laid.file, settings) as emulator:
        session = Session(emulator, laid.symbols, person_outlets(), laid.folders)
        # The device's output must be taken while gdb has the terminal. When gdb ends, so does the device.
        listener = threading.Thread(target=listen, args=(session,), daemon=True)
        listener.start()
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            done = subprocess.run(command_line(gdb, program, stop, port, laid.folders, commands), check=False)
        finally:
            signal.signal(signal.SIGINT, before)
        emulator.process.terminate()
        listener.join(5)
    return done.returncode


def listen(session: Session) -> None:
    """Takes what the device says until it ends; how it ended is gdb's business."""
    with contextlib.suppress(Exception):
        session.run(None)


def command_line(
    gdb: str, program: Path, stop: str, port: int, folders: Sequence[Path], commands: Sequence[str]
) -> list[str]:
    """gdb's command: the program's names and lines, the sources' folders, the device, a stop where the app begins."""
    start = [
        "set confirm off",
        "set pagination off",
        "set breakpoint auto-hw on",
        f"file {program}",
        f"target remote 127.0.0.1:{port}",
    ]
    stops = [*commands, "kill", "quit"] if commands else [f"thbreak {stop}", "continue"]
    options = [option for command in (*start, *stops) for option in ("-ex", command)]
    quiet = ["-batch"] if commands else ["-q"]
    return [gdb, "-nx", *quiet, *(f"--directory={folder}" for folder in (*folders, ROOT)), *options]


def start_of_main(source: Path) -> str:
    """The first statement of a program's `main`, as the debugger names the line."""
    module, _ = module_of(source)
    tree = ast.parse(source.read_text(encoding="utf-8"))
    main = next(node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "main")
    body = main.body[1:] if ast.get_docstring(main) is not None and len(main.body) > 1 else main.body
    return f"{module.replace('.', '/')}.py:{body[0].lineno}"


def free_port() -> int:
    """A port of this machine that nobody uses."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
