"""Building once for the same inputs, calling what was built, and reporting what could not be."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from metal.compiler import build as building
from metal.compiler import cache as cache_module
from metal.compiler.build import Built, Request, build_program, find_built
from metal.compiler.cache import Cache
from metal.compiler.diagnostics import Diagnostics
from metal.compiler.harness import Trap, host_request, load, sanitizer_environment
from metal.compiler.options import Options
from metal.compiler.tools import BuildError
from metal.targets import target_named
from metal.types.traps import TrapKind

ROOT = Path(__file__).resolve().parents[2]
SOURCE = '''\
"""A program."""

from enum import Enum, IntEnum

import helper
from metal import U64, Array, Ptr, Slice, array, f64, i16, log, struct, u8, u32, u64


class Failure(Enum):
    FULL = 1


class Level(IntEnum):
    LOW = 0
    HIGH = 5


@struct
class Point:
    x: u32 = 0
    y: i16 = 0
    levels: Array[u8] = array(3)


points: Array[Point] = array(4)
count: u64 = 0


def double(value: u64) -> u64:
    return value * helper.FACTOR


def keep(point: Ptr[Point]) -> u64 | Failure:
    global count
    if count == 4:
        return Failure.FULL
    points[count].x = point.x + 1
    points[count].levels[2] = point.levels[0]
    count += 1
    return count


def first() -> Ptr[Point]:
    return points[0]


def sum_and_clear(values: Slice[u32]) -> u64:
    total: u64 = 0
    for i in range(len(values)):
        total += U64(values[i])
        values[i] = 0
    return total


def name_of(level: Level) -> str:
    return "high" if level is Level.HIGH else "low"


def half(value: f64) -> f64:
    log(f"halving")
    return value / 2.0


def main() -> u8:
    print(f"double {double(4)}")
    return 3
'''


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "program.py").write_text(SOURCE)
    (tmp_path / "helper.py").write_text('"""A constant."""\n\nfrom typing import Final\n\nFACTOR: Final = 2\n')
    return tmp_path


def request(folder: Path, **changes: object) -> Request:
    """The program of the folder, for this machine."""
    asked = Request(folder / "program.py", (folder, ROOT), target_named("host"), Options(all_functions=True))
    return replace(asked, **changes)  # type: ignore[arg-type]


def test_the_same_sources_are_compiled_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = Cache(folder / "cache")
    first = build_program(request(folder), cache)
    assert first.fresh

    def refuse(*_: object, **__: object) -> str:
        raise AssertionError("a compiler ran")

    monkeypatch.setattr(building, "run_tool", refuse)
    monkeypatch.setattr(building, "_compile_to_ir", refuse)
    again = build_program(request(folder), cache)
    assert not again.fresh and again.program == first.program


def test_a_change_in_any_module_is_noticed_and_undoing_it_too(folder: Path) -> None:
    cache = Cache(folder / "cache")
    first = build_program(request(folder), cache)
    helper = folder / "helper.py"
    before = helper.read_text()
    helper.write_text(before.replace("FACTOR: Final = 2", "FACTOR: Final = 3"))
    assert find_built(request(folder), cache) is None
    second = build_program(request(folder), cache)
    assert second.fresh and second.program != first.program
    helper.write_text(before)
    found = find_built(request(folder), cache)
    assert found is not None and found.program == first.program


def test_options_and_targets_have_results_of_their_own(folder: Path) -> None:
    cache = Cache(folder / "cache")
    build_program(request(folder), cache)
    for changed in (
        request(folder, optimize="0"),
        request(folder, second_compiler=True),
        request(folder, executable=True),
        request(folder, options=Options(all_functions=True, define={"helper.FACTOR": 9})),
    ):
        assert find_built(changed, cache) is None


def test_a_comment_changes_nothing_that_is_compiled(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = Cache(folder / "cache")
    first = build_program(request(folder), cache)
    source = folder / "program.py"
    source.write_text(source.read_text() + "# a remark\n")

    def refuse(*_: object, **__: object) -> str:
        raise AssertionError("the C compiler ran")

    monkeypatch.setattr(building, "run_tool", refuse)
    assert build_program(request(folder), cache).program == first.program


def test_faulty_source_is_refused_and_leaves_no_result(folder: Path) -> None:
    cache = Cache(folder / "cache")
    (folder / "helper.py").write_text("FACTOR: int = oops\n")
    with pytest.raises(Diagnostics, match=r"helper\.py:1"):
        build_program(request(folder), cache)
    assert find_built(request(folder), cache) is None


def test_a_missing_tool_is_named_with_its_cure(folder: Path) -> None:
    target = replace(target_named("host"), compiler="no-such-compiler")
    with pytest.raises(BuildError, match=r"no-such-compiler is not installed: .*apt install"):
        build_program(request(folder, target=target), Cache(folder / "cache"))


def test_functions_of_a_loaded_program_take_and_give_python_values(folder: Path) -> None:
    program = load(folder / "program.py", roots=[folder])
    assert program.double(21) == 42
    point = program.new("Point", x=5, levels=[9, 8, 7])
    assert [program.keep(point) for _ in range(5)] == [1, 2, 3, 4, program.Failure.FULL]
    assert program.first().x == 6 and list(program.first().levels) == [0, 0, 9]
    assert program.global_at("program.count") == 4
    program.set_global("program.count", 3)
    assert program.keep(point) == 4
    values = [1, 2, 1 << 31]
    assert program.sum_and_clear(values) == (1 << 31) + 3 and values == [0, 0, 0]
    assert program.name_of(program.Level.HIGH) == "high"
    assert program.half(5.0) == 2.5 and program.output(1) == "halving\n"
    assert repr(program.first()) == "Point(x=6, y=0, levels=[0, 0, 9])"


def test_a_trap_arrives_with_its_line_and_every_load_starts_afresh(folder: Path) -> None:
    program = load(folder / "program.py", roots=[folder])
    line = next(n for n, text in enumerate(SOURCE.splitlines(), 1) if "value * helper" in text)
    with pytest.raises(Trap) as caught:
        program.double(1 << 63)
    assert (caught.value.kind, caught.value.line) == (TrapKind.OVERFLOW, line)
    assert caught.value.file.endswith("program.py")
    program.set_global("program.count", 4)
    assert load(folder / "program.py", roots=[folder]).global_at("program.count") == 0


def test_values_outside_their_type_are_refused_before_the_call(folder: Path) -> None:
    program = load(folder / "program.py", roots=[folder])
    for wrong in (-1, 1 << 64, "4", 1.5):
        with pytest.raises(ValueError, match="is no u64"):
            program.double(wrong)
    with pytest.raises(TypeError, match="takes 1 argument"):
        program.double()
    with pytest.raises(AttributeError, match="no function halve"):
        program.halve(1)


def test_kernel_calls_reach_the_test(folder: Path) -> None:
    (folder / "caller.py").write_text('''\
"""A program that calls the kernel."""

from typing import Final

from metal import Words, kernel_call, u64

UNSAFE: Final = True
words: Words = Words()


def ask(value: u64) -> u64:
    words.w[3] = value
    status, reply = kernel_call(7, 40, 2, words)
    return status * 1000 + reply * 100 + words.w[3]
''')
    program = load(folder / "caller.py", roots=[folder])
    asked: list[tuple[int, int, int, int]] = []

    def answer(operation: int, handle: int, reply: int, words: list[int]) -> tuple[int, int]:
        asked.append((operation, handle, reply, words[3]))
        words[3] += 1
        return 5, 6

    program.answer_kernel_calls(answer)
    assert program.ask(8) == 5 * 1000 + 6 * 100 + 9
    assert asked == [(7, 40, 2, 8)]

    def fail(*_: object) -> tuple[int, int]:
        raise LookupError("no such operation")

    program.answer_kernel_calls(fail)
    with pytest.raises(LookupError, match="no such operation"):
        program.ask(1)


def test_an_executable_prints_and_ends_with_the_status_of_main(folder: Path) -> None:
    built: Built = build_program(request(folder, executable=True), Cache(folder / "cache"))
    done = subprocess.run([built.program], capture_output=True, text=True, timeout=20, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (3, "double 8\n", "")


def test_the_command_line_shows_each_stage_and_never_a_traceback(folder: Path) -> None:
    def run(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "metal.compiler", *words, "--root", str(folder)]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        return subprocess.run(
            command, capture_output=True, text=True, timeout=60, check=False, cwd=folder, env=environment
        )

    assert run("check", "program.py").returncode == 0
    assert "function program__double(value: u64) -> u64" in run("ir", "program.py", "--all").stdout
    assert "MUL(u64, value, 2, " in run("c", "program.py").stdout
    (folder / "program.py").write_text("def main() -> None:\n    x = \n")
    for action in ("check", "ir", "c", "build", "stack"):
        done = run(action, "program.py")
        assert done.returncode == 1 and "program.py:2" in done.stderr and "Traceback" not in done.stderr
    missing = run("check", "nothing.py")
    assert missing.returncode in (1, 2) and "Traceback" not in missing.stderr


def test_a_program_does_not_tell_where_it_was_built(folder: Path) -> None:
    for second in (False, True):
        built = build_program(request(folder, second_compiler=second, executable=True), Cache(folder / "cache"))
        first = built.program.read_bytes()
        other = build_program(request(folder, second_compiler=second, executable=True), Cache(folder / "elsewhere"))
        assert str(folder).encode() not in first
        assert other.program != built.program and other.program.read_bytes() == first


UNSAFE = '''\
"""Reads beside an array, as only unsafe code can."""

from typing import Final

from metal import Array, array, raw_of, u64

UNSAFE: Final = True
rows: Array[u64] = array(4)


def peek(index: u64) -> u64:
    return raw_of(rows)[index]
'''


@pytest.mark.slow
def test_programs_run_under_the_sanitizers(folder: Path) -> None:
    program = load(folder / "program.py", roots=[folder], sanitize=("undefined",))
    assert program.double(21) == 42
    with pytest.raises(Trap):
        program.double(1 << 63)
    (folder / "peek.py").write_text(UNSAFE)
    script = (
        "import sys; from pathlib import Path; from metal.compiler.harness import load\n"
        f"program = load(Path({str(folder / 'peek.py')!r}), sanitize=('address',))\n"
        "print(program.peek(int(sys.argv[1])))"
    )
    environment = {**os.environ, **sanitizer_environment(), "PYTHONPATH": str(ROOT), "TMPDIR": str(folder)}
    # The C compiler is started by this process too, and has leaks of its own.
    build_program(host_request(folder / "peek.py", sanitize=("address",)))
    ends = {
        index: subprocess.run(
            [sys.executable, "-c", script, str(index)], capture_output=True, text=True, check=False, env=environment
        )
        for index in (3, 4)
    }
    assert (ends[3].returncode, ends[3].stdout) == (0, "0\n"), ends[3].stderr
    assert ends[4].returncode != 0 and "global-buffer-overflow" in ends[4].stderr
    assert "peek.py:12" in ends[4].stderr


def test_old_results_are_thinned_out_and_what_was_used_lately_stays(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache_module, "KEPT", 4)
    cache = Cache(folder / "cache")
    for number in range(6):
        made = cache.produce(f"old{number}", lambda place: None)
        os.utime(made, (number, number))
    cache.produce("new", lambda place: None)
    left = {path.name for path in cache.results.iterdir()}
    assert "new" in left and "old0" not in left and len(left) <= 4
    for number in range(6):
        cache.produce(f"other{number}", lambda place: None)
    assert {path.name for path in cache.results.iterdir()} >= {"new", *(f"other{number}" for number in range(6))}
