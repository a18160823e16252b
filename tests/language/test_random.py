"""Random programs mean the same to the interpreter and to every C compiler, with and without optimization."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis.strategies import SearchStrategy

from metal.compiler.diagnostics import Diagnostics
from metal.compiler.emit.program import emit_program
from metal.compiler.interpret import Interpreter, Trapped
from metal.compiler.ir import Program
from metal.compiler.options import Options
from metal.compiler.pipeline import compile_program
from tests.language.programs import CASES, programs
from tests.language.running import HOST, MATRIX, WORK, Configuration, Outcome, run_text

OPTIONS = Options(trap="host", all_functions=True)
PLAIN = [configuration for configuration in MATRIX if not configuration.sanitize]
A_BATCH = 50


def front_end(text: str, options: Options = OPTIONS) -> Program | Diagnostics:
    """Compile the source of one program."""
    folder = WORK / "random"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"program_{hashlib.sha256(text.encode()).hexdigest()[:16]}.py"
    path.write_text(text)
    try:
        return compile_program(path, roots=[folder], target=HOST, options=options)
    finally:
        path.unlink()


def interpreted(program: Program, cases: int = CASES) -> list[Outcome]:
    """How each case ends in the interpreter, one after the other on the same globals."""
    interpreter = Interpreter(program)
    outcomes: list[Outcome] = []
    for number in range(cases):
        try:
            interpreter.call(f"case_{number}")
            outcomes.append(Outcome(output=interpreter.take_output(0)))
        except Trapped as trap:
            outcomes.append(Outcome(trap.kind.name.lower(), trap.file, trap.line, output=interpreter.take_output(0)))
    return outcomes


def draw_programs(count: int, from_seed: int, strategy: SearchStrategy[str]) -> list[str]:
    """Up to that many different programs."""
    texts: list[str] = []

    @seed(from_seed)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example, HealthCheck.data_too_large],
    )
    @given(strategy)
    def collect(text: str) -> None:
        texts.append(text)

    collect()
    return list(dict.fromkeys(texts))


def together(texts: list[str], cases: int = CASES, options: Options = OPTIONS) -> tuple[Program, int]:
    """Many programs as one, whose functions `run_<n>` are the cases of all."""
    folder = WORK / "random" / hashlib.sha256("\0".join(texts).encode()).hexdigest()[:16]
    folder.mkdir(parents=True, exist_ok=True)
    runs: list[str] = []
    for number, text in enumerate(texts):
        (folder / f"program_{number}.py").write_text(text)
        runs += [
            f"@export\ndef run_{number * cases + case}() -> None:\n    program_{number}.case_{case}()\n"
            for case in range(cases)
        ]
    imports = "\n".join(f"import program_{number}" for number in range(len(texts)))
    (folder / "together.py").write_text(
        f'"""Random programs."""\n{imports}\nfrom metal import export\n\n\n' + "\n\n".join(runs)
    )
    program = compile_program(folder / "together.py", roots=[folder], target=HOST, options=options)
    assert not isinstance(program, Diagnostics), program.draw()
    return program, len(runs)


def native(
    texts: list[str], configuration: Configuration, cases: int = CASES, options: Options = OPTIONS
) -> list[list[Outcome]]:
    """How each case of each program ends as native code."""
    program, count = together(texts, cases, options)
    outcomes = run_text(emit_program(program, HOST), count, tuple(f.shown for f in program.files), configuration)
    return [outcomes[start : start + cases] for start in range(0, count, cases)]


def same(expected: list[Outcome], found: list[Outcome]) -> bool:
    """Whether all cases ended in the same way; the names of files differ between the two."""
    return [(o.kind, o.line, o.output, o.died) for o in expected] == [(o.kind, o.line, o.output, o.died) for o in found]


def disagrees(configuration: Configuration, text: str) -> bool:
    """Whether a program is accepted and means something else to a C compiler than to the interpreter."""
    program = front_end(text)
    return isinstance(program, Program) and not same(interpreted(program), native([text], configuration)[0])


def shorter(text: str, still_wrong: Callable[[str], bool]) -> str:
    """The text without each line, or block of lines, that is not needed for what is wrong."""
    lines = text.splitlines()
    at = len(lines) - 1
    while at >= 0:
        depth = len(lines[at]) - len(lines[at].lstrip())
        end = at + 1
        while end < len(lines) and lines[end].strip() and len(lines[end]) - len(lines[end].lstrip()) > depth:
            end += 1
        fewer = [*lines[:at], *lines[end:]]
        if lines[at].strip() and still_wrong("\n".join(fewer) + "\n"):
            lines = fewer
        at -= 1
    return "\n".join(lines) + "\n"


def compare(count: int, configurations: list[Configuration], from_seed: int) -> None:
    texts = draw_programs(count, from_seed, programs())
    expected: list[list[Outcome]] = []
    for text in texts:
        program = front_end(text)
        assert not isinstance(program, Diagnostics), f"{program.draw()}\n\n{text}"
        expected.append(interpreted(program))
    for start in range(0, len(texts), A_BATCH):
        some = texts[start : start + A_BATCH]
        for configuration in configurations:
            for text, wanted, found in zip(some, expected[start:], native(some, configuration), strict=False):
                if not same(wanted, found):
                    short = shorter(text, partial(disagrees, configuration))
                    raise AssertionError(
                        f"{configuration} {found} but the interpreter {wanted} in\n{text}\nshorter:\n{short}"
                    )
    finished = [outcome for outcomes in expected for outcome in outcomes if not outcome.kind]
    kinds = {outcome.kind for outcomes in expected for outcome in outcomes}
    # Programs that all stop at once, or never, would prove little.
    assert len(finished) > len(texts) * CASES // 5
    assert len(kinds) >= 2


@pytest.mark.slow
def test_thirty_random_programs() -> None:
    compare(30, [PLAIN[0], PLAIN[3]], from_seed=1)


@pytest.mark.all
@pytest.mark.parametrize("part", range(10))
def test_two_hundred_more_random_programs(part: int) -> None:
    compare(200, PLAIN, from_seed=100 + part)
