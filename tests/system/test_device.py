"""Whole images on the emulated device: processes, faults, restarts, interrupts, services wherever they are placed."""

from __future__ import annotations

import hashlib
import re
import zlib
from pathlib import Path

import pytest

from motet.choice import Choice, choose
from motet.emulator import Emulator, Settings
from motet.errors import DeviceError
from motet.launch import lay_out
from motet.plan.board import family_boards
from motet.session import Outlets, Session
from motet.testing import Done, run_app, run_image
from tests.emulators import need_emulator

ROOT = Path(__file__).resolve().parents[2]
IMAGES = Path(__file__).parent / "images"
PARTS = str(IMAGES / "parts.toml")

pytestmark = pytest.mark.slow


def row(done: Done, name: str) -> list[list[str]]:
    """What each `ps` said of a process: id, name, state, priority, time, memory, restarts."""
    lines = [line.split() for line in done.output.splitlines()]
    return [words for words in lines if len(words) == 7 and words[1] == name]


def converse(lines: list[str], answers: dict[str, bytes], typed: bytes = b"", status: int = 0) -> str:
    """Runs lines of the shell, or types them, and types an answer when a word appears; the result is all output."""
    laid = lay_out(*choose(Choice(what=PARTS, lines=tuple(lines))))
    output = bytearray()
    waiting = dict(answers)
    if typed:
        waiting["motet> "] = typed

    def read(data: bytes) -> None:
        output.extend(data)
        for word in [word for word in waiting if word.encode() in output]:
            session.send_input(waiting.pop(word))

    with Emulator(laid.board, laid.file, Settings(memory=laid.board.memory, cpus=laid.cpus)) as emulator:
        session = Session(emulator, laid.symbols, Outlets(read, lambda text: None, lambda text: None), laid.folders)
        assert session.run(None, 60.0) == status
    assert not waiting
    return output.decode()


def test_a_plain_terminal_gets_plain_text() -> None:
    laid = lay_out(*choose(Choice(what=str(IMAGES / "plain.toml"))))
    shown = ""

    def read(text: str) -> None:
        nonlocal shown
        shown += text
        if typed and "motet> " in shown:
            emulator.pending += typed.pop()
            emulator.push()

    typed = [b"run hello you\rhalt 5\r"]
    with Emulator(laid.board, laid.file, Settings(memory=laid.board.memory, cpus=laid.cpus)) as emulator:
        session = Session(emulator, laid.symbols, Outlets(lambda data: None, read, lambda text: None), laid.folders)
        # Without frames nobody tells the host how the device ended.
        with pytest.raises(DeviceError):
            session.run(None, 60.0)
    assert "motet> run hello you\r\nhello, you\r\nmotet> halt 5\r\n" in shown


def test_an_app_prints_and_ends_with_its_status() -> None:
    done = run_app(ROOT / "apps" / "hello.py", "you", "two words")
    assert done.output == "hello, you\nhello, two words\n"
    assert (done.status, done.log, done.faults) == (0, "", [])


def test_the_shell_carries_out_lines_and_ends_with_the_status_of_the_last() -> None:
    done = run_image(PARTS, ["help", "run hello a", "nonsense"])
    assert "hello, a" in done.output
    assert "there is no command nonsense" in done.output
    assert done.status == 127


def test_ps_and_mem_tell_how_the_processes_do() -> None:
    done = run_image(PARTS, ["run counter 2", "ps", "mem", "uptime"])
    shell, counter = row(done, "shell")[0], row(done, "counter")[0]
    assert counter[2] == "ended"
    assert int(shell[3]) == 100
    assert int(shell[5]) > 0
    assert row(done, "uart")[0][2] == "waiting"
    total, free = map(int, re.findall(r"total (\d+) K, not granted (\d+) K", done.output)[0])
    assert 0 < free < total < 128 * 1024 * 2
    assert re.search(r"shell +granted +1024 K +used +\d+ K", done.output)
    assert float(re.findall(r"([\d.]+) seconds", done.output)[0]) >= 0.2


def test_a_crash_is_reported_and_the_rest_lives_on() -> None:
    done = run_image(PARTS, ["run crash", "ps", "run hello still here"])
    assert "about to crash" in done.output
    assert "run: crash failed" in done.output
    assert "hello, still\nhello, here\n" in done.output
    assert row(done, "crash")[0][2] == "failed"
    assert len(done.faults) == 1
    report = done.faults[0]
    assert '"crash"' in report
    assert "index out of range" in report
    assert "at apps/crash.py:22 in inner" in report
    assert "return places[index]" in report
    assert "called from apps/crash.py:12 in main" in report
    assert done.status == 0


def test_a_crash_of_another_thread_is_traced_on_its_own_stack() -> None:
    done = run_image(PARTS, ["run spun"])
    report = done.faults[0]
    assert "spun.py:24" in report
    assert [line for line in report.splitlines() if "called from" in line and "in work" in line]
    assert "run: spun failed" in done.output


@pytest.mark.parametrize("board", [board.name for board in family_boards()])
def test_every_caller_is_named_where_functions_keep_registers(board: str) -> None:
    need_emulator(board)
    done = run_app(IMAGES.parent / "programs" / "keeper.py", board=board)
    report = done.faults[0]
    lines = [int(line) for line in re.findall(r"keeper\.py:(\d+)", report)]
    assert lines[0] == 14, report
    assert lines[-1] == 30, report
    # Between them the two call each other in turn; gcc splits inner, and names its first line then.
    assert {10, 16, 23, 24} >= set(lines[1:-1]) >= {16, 23}, report


def test_a_crashing_app_ends_the_device_with_126() -> None:
    done = run_app(ROOT / "apps" / "crash.py")
    assert done.status == 126
    assert "apps/crash.py:22" in done.faults[0]


def test_the_driver_is_killed_and_the_shell_goes_on_through_its_next_generation() -> None:
    done = run_image(PARTS, ["ps", "kill uart", "kill uart", "run hello again", "ps"])
    before, after = row(done, "uart")
    assert (before[6], after[6]) == ("0", "2")
    assert row(done, "shell")[1][6] == "0"
    assert "hello, again" in done.output
    assert done.status == 0


def test_nothing_that_is_printed_is_lost_while_the_driver_dies() -> None:
    kills = ["kill uart", "run counter 1"] * 3
    done = run_image(PARTS, ["run chatter &", *kills, "run counter 5", "ps"])
    numbers = [int(line.split()[1]) for line in done.output.splitlines() if line.endswith("of five hundred")]
    # A frame that was on its way when the driver died is sent again, so a line may come twice.
    assert sorted(set(numbers)) == list(range(500))
    assert numbers == sorted(numbers)
    assert row(done, "uart")[0][6] == "3"
    assert row(done, "chatter")[0][2] == "ended"


def test_every_service_of_the_system_survives_its_death() -> None:
    done = run_image(PARTS, ["kill console", "kill log", "kill lamp", "run lamp_switch", "ps", "log"])
    assert "on gave True, off gave False" in done.output
    assert [row(done, name)[0][6] for name in ("console", "log", "lamp")] == ["1", "1", "1"]
    assert done.status == 0


def test_the_line_works_after_the_driver_died() -> None:
    done = run_image(PARTS, typed="kill uart\rrun hello typed\rhalt 9\r")
    assert "hello, typed" in done.output
    assert done.status == 9


def test_typed_lines_can_be_edited_and_called_back() -> None:
    done = run_image(PARTS, typed="run helo one\x1b[D\x1b[D\x1b[D\x1b[D\x1b[Dl\r\x1b[A\x7f\x7f\x7ftwo\rhalt 3\r")
    assert "hello, one" in done.output
    assert "hello, two" in done.output
    assert done.status == 3


def test_input_costs_interrupts_and_only_a_few() -> None:
    output = converse(["run line"], {"ready": b"xyz"})
    assert "typed xyz" in output
    # One frame came in, and both answers went out through a FIFO that the emulator empties at once.
    taken = int(re.findall(r"interrupts (\d+)", output)[0])
    assert 0 < taken < 40


def test_control_c_stops_what_the_shell_waits_for() -> None:
    output = converse([], {"\n2\n": b"\x03halt 4\r"}, typed=b"run counter 1000\r", status=4)
    assert "ended with status 130" in output
    assert "\n900\n" not in output


def test_an_idle_device_does_next_to_nothing() -> None:
    done = run_image(PARTS, ["run quiet"])
    assert "slept enough True" in done.output
    assert int(re.findall(r"switches (\d+)", done.output)[0]) < 12
    assert int(re.findall(r"interrupts (\d+)", done.output)[0]) < 12


def test_threads_memory_timers_and_arguments() -> None:
    done = run_image(PARTS, ['run parts one "two words"'])
    assert done.output == (
        "argument one\nargument two words\n"
        "sum 505550\n" "heard 5\n" "reused True, this is thread 0\n"
        "zeroed True\n" "refused True, all of the rest True\n" "left 0\n"
        "five beats take fifty milliseconds True\n"
        "run: parts ended with status 7\n"
    )  # fmt: skip
    assert done.status == 7


@pytest.mark.parametrize("placement", ["process", "function"])
def test_a_service_gives_the_same_result_wherever_it_is_placed(placement: str) -> None:
    done = run_image(str(IMAGES / f"lamp_{placement}.toml"))
    assert done.output == "lamp is True\nlamp is False\non gave True, off gave False\n"
    assert done.status == 0


WRITTEN = "noted: buy milk\nnoted: call home\n"


def test_structs_and_texts_are_results_of_another_process() -> None:
    done = run_image("shell", ["run note buy milk", "run note call home", "run note", "run note --clear", "run note"])
    shown = re.sub(r"^ +\d+ s", "0 s", done.output, flags=re.MULTILINE)
    assert shown == WRITTEN + "0 s  buy milk\n0 s  call home\nno notes\n"


def test_structs_and_texts_are_results_of_a_function() -> None:
    done = run_image(str(IMAGES / "notes_function.toml"))
    shown = re.sub(r"^ +\d+ s", "0 s", done.output, flags=re.MULTILINE)
    assert shown == "noted: buy milk\n"


def test_the_apps_of_the_shell_say_what_is_wrong_and_do_what_is_right() -> None:
    done = run_image("shell", ["run digest hello world", "run timer 0", "run timer soon", "run digest"])
    assert done.output.splitlines() == [
        f"{hashlib.sha256(b'hello world').hexdigest()}  crc32 {zlib.crc32(b'hello world'):08x}",
        "0 seconds are over",
        "a timer runs for a whole number of seconds, at most 86400",
        "run: timer ended with status 1",
        "say which text: digest WORDS",
        "run: digest ended with status 1",
    ]


def test_calls_end_as_the_contract_says_and_powers_end_where_the_plan_ends() -> None:
    done = run_image(str(IMAGES / "contract.toml"))
    assert done.output.splitlines() == [
        "first CallError.SERVER_DIED",
        "second generation 1",
        "repeated generation 3",
        "too fragile CallError.SERVER_DIED",
        "changed method CallError.REFUSED",
        "sleeping service CallError.TIMED_OUT",
        "not in the plan True",
        "too large True",
        "another's name CallError.REFUSED",
        "an exit frame CallError.REFUSED",
        "the terminal CallError.REFUSED",
        "halt CallError.REFUSED",
        "stop True, look True",
        # 10 every program has, 1 for its arena, 5 for the services of its plan.
        "handles 16",
        "unwanted handles 100",
    ]
    # Once, twice while it was repeated, then once and each of three repetitions.
    assert len(done.faults) == 7
    assert done.status == 0


def test_a_device_whose_supervisor_fails_says_so_and_ends() -> None:
    done = run_image(str(IMAGES / "doomed.toml"))
    # The address says which rights the supervisor has beyond those it needs: none.
    assert "the supervisor failed: 1 at 7f0000000000," in done.log
    assert done.status == 126


def test_a_fault_that_a_program_makes_up_harms_only_itself() -> None:
    done = run_image(str(IMAGES / "forger.toml"))
    assert "supervisor" not in done.log
    assert (done.status, done.output, len(done.faults)) == (126, "", 1)
    assert '"forger"' in done.faults[0]


def test_a_process_that_fails_again_and_again_is_given_up() -> None:
    done = run_image(str(IMAGES / "stubborn.toml"), ["uptime", "ps"])
    assert row(done, "crash")[0][2] == "failed"
    assert row(done, "crash")[0][6] == "3"
    assert len(done.faults) == 4
