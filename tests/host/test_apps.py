"""A person's own app, from `motet new` to its exit status: the whole road, on the emulated device."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path
from textwrap import dedent

import pytest

from motet.paths import ROOT

MOTET = str(ROOT / "motet")


def motet(*arguments: str, folder: Path, seconds: float = 300.0) -> subprocess.CompletedProcess[str]:
    """Runs the command as a person does; standard input is empty."""
    return subprocess.run(
        [MOTET, *arguments],
        cwd=folder, capture_output=True, text=True, check=False, timeout=seconds, stdin=subprocess.DEVNULL,
    )  # fmt: skip


def write(folder: Path, name: str, text: str) -> str:
    """An app's file."""
    (folder / name).write_text(dedent(text))
    return name


@pytest.mark.slow
def test_a_new_app_runs_and_its_tests_pass(tmp_path: Path) -> None:
    made = motet("new", "lamp", folder=tmp_path)
    assert made.returncode == 0, made.stderr
    assert [line for line in made.stdout.splitlines() if line.startswith("made ")] == [
        "made lamp/lamp.py", "made lamp/test_lamp.py", "made lamp/pyrightconfig.json",
    ]  # fmt: skip
    ran = motet("run", "lamp/lamp.py", folder=tmp_path)
    assert (ran.returncode, ran.stdout) == (0, "hello from lamp: a floor of 3 by 4 is 12\n"), ran.stderr
    tested = motet("test", "lamp", folder=tmp_path)
    assert tested.returncode == 0 and "3 passed" in tested.stdout, tested.stdout + tested.stderr
    checked = subprocess.run(
        [ROOT / ".motet/venv/bin/basedpyright", "--project", "lamp"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert checked.returncode == 0, checked.stdout


def test_a_new_app_never_overwrites(tmp_path: Path) -> None:
    assert motet("new", "lamp", folder=tmp_path).returncode == 0
    again = motet("new", "lamp", folder=tmp_path)
    assert again.returncode == 1
    assert again.stderr.startswith("motet: lamp/lamp.py is already there\n")


@pytest.mark.slow
def test_arguments_go_in_and_the_status_comes_out(tmp_path: Path) -> None:
    app = write(
        tmp_path, "echo.py",
        """\
        from metal import U8, u8
        from system.app import Arguments


        def main(arguments: Arguments) -> u8:
            for index in range(arguments.count()):
                print(f"{index}: {arguments.text(index)}")
            return U8(40 + arguments.count())
        """,
    )  # fmt: skip
    done = motet("run", app, "one", "two words", "--", "--three", folder=tmp_path)
    assert (done.returncode, done.stdout) == (43, "0: one\n1: two words\n2: --three\n"), done.stderr


@pytest.mark.slow
def test_a_fault_names_the_check_the_line_and_the_way_there(tmp_path: Path) -> None:
    app = write(
        tmp_path, "faulty.py",
        """\
        from metal import Array, array, noinline, u64

        numbers: Array[u64] = array(4)


        @noinline
        def pick(index: u64) -> u64:
            return numbers[index]


        def main() -> None:
            print("before")
            print(f"{pick(9)}")
            print("after")
        """,
    )  # fmt: skip
    done = motet("run", app, folder=tmp_path)
    assert (done.returncode, done.stdout) == (126, "before\n"), done.stderr
    assert '"app" stopped: index out of range' in done.stderr
    assert "faulty.py:8" in done.stderr and "return numbers[index]" in done.stderr
    assert "faulty.py:13 in main" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_a_recursion_without_end_uses_up_the_stack_and_is_told_once(tmp_path: Path) -> None:
    app = write(
        tmp_path, "deep.py",
        """\
        from metal import noinline, u64


        @noinline
        def down(n: u64) -> u64:
            return down(n + 1) + 1


        def main() -> None:
            print(f"{down(0)}")
        """,
    )  # fmt: skip
    done = motet("run", app, folder=tmp_path)
    assert (done.returncode, done.stdout) == (126, "")
    assert '"app" stopped: its stack is used up (0x' in done.stderr
    assert done.stderr.count("called from deep.py:6 in down") == 1 and "more times" in done.stderr


def test_five_mistakes_are_five_messages(tmp_path: Path) -> None:
    app = write(
        tmp_path, "wrong.py",
        """\
        from metal import u8, u64


        def main() -> None:
            a: u8 = 300
            b: u64 = "text"
            c = d
            if a:
                print("x")
            b.nothing()
        """,
    )  # fmt: skip
    done = motet("run", app, folder=tmp_path)
    assert done.returncode == 125
    assert done.stdout == ""
    places = [line for line in done.stderr.splitlines() if line.startswith("wrong.py:")]
    assert [int(place.split(":")[1]) for place in places] == [5, 6, 7, 8, 10], done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_that_is_not_python_is_refused_in_words(tmp_path: Path) -> None:
    app = write(tmp_path, "broken.py", "def main( -> None:\n")
    done = motet("run", app, folder=tmp_path)
    assert done.returncode == 125
    assert "broken.py:1" in done.stderr and "Traceback" not in done.stderr


def test_an_app_without_main_is_told_what_to_write(tmp_path: Path) -> None:
    app = write(tmp_path, "empty.py", '"""Nothing."""\n')
    done = motet("run", app, folder=tmp_path)
    assert done.returncode == 125
    assert "def main() -> None" in done.stderr and "P021" in done.stderr


@pytest.mark.slow
def test_lines_for_the_shell_run_and_the_device_powers_off(tmp_path: Path) -> None:
    done = motet("run", "--exec", "help", "--exec", "ps", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "halt" in done.stdout and "supervisor" in done.stdout


@pytest.mark.slow
def test_lines_on_standard_input_reach_the_shell_and_its_status_comes_back(tmp_path: Path) -> None:
    done = subprocess.run(
        [MOTET, "run"], cwd=tmp_path, input="uptime\nhalt 4\n", capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 4, done.stderr
    assert "motet> uptime" in done.stdout and " seconds" in done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL, signal.SIGINT])
def test_no_emulator_outlives_the_command(tmp_path: Path, number: signal.Signals) -> None:
    app = write(
        tmp_path, "forever.py",
        """\
        from system.app import milliseconds, sleep


        def main() -> None:
            print("started")
            while True:
                sleep(milliseconds(50))
        """,
    )  # fmt: skip
    # What a script puts into the background ignores interrupts, and so does all that it starts, unless told otherwise.
    heedful = ["env", "--default-signal=INT", MOTET, "run", app]
    command = subprocess.Popen(heedful, cwd=tmp_path, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL)
    assert command.stdout is not None and command.stdout.readline() == b"started\n"
    children = Path(f"/proc/{command.pid}/task/{command.pid}/children").read_text().split()
    assert len(children) == 1
    command.send_signal(number)
    command.wait(30)
    deadline = time.monotonic() + 10
    while Path(f"/proc/{children[0]}/exe").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not Path(f"/proc/{children[0]}/exe").exists()


@pytest.mark.slow
def test_a_build_leaves_everything_in_a_folder(tmp_path: Path) -> None:
    done = motet("build", "-o", "out", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    names = set(os.listdir(tmp_path / "out"))
    assert {"motet.img", "kernel.elf", "kernel.c", "root.elf", "shell.elf", "shell.c"} <= names
