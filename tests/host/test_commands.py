"""The command line: its words, its exit statuses, and that no traceback of ours is ever shown."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from motet.__main__ import status_of
from motet.paths import ROOT
from motet.plan.board import find_board

BOARD = find_board(None).name

MOTET = ROOT / "motet"


def say(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Status, standard output and standard error of one command line."""
    status = status_of(list(arguments))
    captured = capsys.readouterr()
    return status, captured.out, captured.err


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["rnu"], 2, 'motet: there is no command "rnu". Did you mean "run"?\n  how it is used: motet --help\n'),
        (["xyzzy"], 2, 'motet: there is no command "xyzzy". The commands are: run, new, test, build, image, debug,'
                       " bench, certify, explain, doctor.\n  how it is used: motet --help\n"),
        (["lamp.py"], 2, 'motet: there is no command "lamp.py". To run that file: motet run lamp.py\n'
                         "  how it is used: motet --help\n"),
        (["run", "--memry", "1G"], 2, "motet: no such option '--memry'. Did you mean '--memory'?\n"
                                      "  how it is used: motet run --help\n"),
        (["run", "nowhere.py"], 125, 'motet: there is no file "nowhere.py"\n  to make it: motet new nowhere\n'
                                     "  more: motet explain P014\n"),
        (["run", "shel.toml"], 125, 'motet: there is no image "shel.toml"\n  did you mean "shell"?\n'
                                    "  more: motet explain P017\n"),
        (["run", "--on", f"{BOARD}x"], 125, f'motet: there is no board or processor family "{BOARD}x"\n'
                                            f'  did you mean "{BOARD}"?\n  more: motet explain P006\n'),
        (["run", "--memory", "3M"], 125, 'motet: --memory cannot be "3M"\n  write 64M to 4096M, or "1G"\n'
                                         "  more: motet explain P005\n"),
        (["explain", "P999"], 1, 'motet: there is no error code "P999"\n  motet explain shows all codes\n'),
        (["bench", "langage"], 1, 'motet: there is no bench "langage"\n  did you mean "language"?\n'),
        (["new", "class"], 1, 'motet: an app cannot be called "class": an app\'s name is a Python module\'s name\n'
                              "  use letters, digits and _, for example: motet new lamp\n"),
        (["test", "nowhere"], 1, "motet: there is no nowhere to test\n"),
    ],
)  # fmt: skip
def test_a_wrong_command_line_is_answered_in_words(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
    arguments: list[str], status: int, words: str,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    got, output, errors = say(capsys, *arguments)
    assert (got, output) == (status, "")
    assert errors.startswith(words)


def test_help_names_every_command_and_says_what_each_does(capsys: pytest.CaptureFixture[str]) -> None:
    from motet.cli import COMMANDS

    status, output, _ = say(capsys)
    assert status == 0
    for name, short in COMMANDS.items():
        assert f"  {name}" in output and short in output


def test_an_error_page_is_shown_as_it_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    status, output, _ = say(capsys, "explain", "p008")
    assert status == 0
    assert output.startswith("# P008: a device with two drivers\n")


def test_a_mistake_of_ours_is_one_sentence_and_a_file(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def fail(arguments: list[str]) -> int:
        raise ZeroDivisionError("one\ntwo")

    monkeypatch.setattr("motet.cli.invoke", fail)
    monkeypatch.setattr("motet.__main__.REPORTS", tmp_path)
    status, _, errors = say(capsys, "run")
    assert status == 70
    (report,) = tmp_path.iterdir()
    assert errors == f"motet: a mistake of motet's own (ZeroDivisionError: one); the details lie in {report}\n"
    assert "Traceback" in report.read_text() and "Traceback" not in errors


def test_the_launcher_passes_arguments_and_status_on() -> None:
    done = subprocess.run([MOTET, "explain", "P999"], capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith('motet: there is no error code "P999"\n')


def test_the_launcher_works_through_a_link_and_from_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "m").symlink_to(MOTET)
    done = subprocess.run(
        [tmp_path / "m", "--version"], capture_output=True, text=True, check=False, cwd="/", timeout=60
    )
    assert done.returncode == 0 and done.stdout.startswith("motet ")


def test_a_file_named_like_ours_in_the_current_folder_is_not_taken_for_ours(tmp_path: Path) -> None:
    (tmp_path / "motet.py").write_text("raise SystemExit(99)")
    done = subprocess.run([MOTET, "--version"], capture_output=True, text=True, check=False, cwd=tmp_path, timeout=60)
    assert done.returncode == 0


def test_output_to_a_closed_pipe_is_no_traceback() -> None:
    read, write = os.pipe()
    os.close(read)
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    done = subprocess.run(
        [MOTET, "explain"], stdout=write, stderr=subprocess.PIPE, text=True, check=False, timeout=60, env=environment
    )
    os.close(write)
    assert "Traceback" not in done.stderr and "Exception" not in done.stderr
