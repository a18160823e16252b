"""When the supervisor starts a process again."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abi.bundle import ALWAYS, NEVER, ON_FAILURE
from metal.compiler.harness import load

WINDOW = 100


@pytest.fixture(scope="module")
def policy() -> Any:
    return load("system.supervisor.policy")


def decide(policy: Any, history: Any, ending: str, rule: int, limit: int, time: int) -> str:
    """The name of the decision."""
    decided = policy["system.supervisor.policy.RestartHistory.decide"](
        history, policy.Ending[ending], rule, limit, WINDOW, time
    )
    return str(policy.Decision(decided).name)


@pytest.mark.parametrize(
    ("ending", "rule", "expected"),
    [
        ("FAULT", NEVER, "STAY"), ("FAULT", ON_FAILURE, "RESTART"), ("FAULT", ALWAYS, "RESTART"),
        ("FINISHED", NEVER, "STAY"), ("FINISHED", ON_FAILURE, "STAY"), ("FINISHED", ALWAYS, "RESTART"),
        ("STOPPED", NEVER, "STAY"), ("STOPPED", ON_FAILURE, "STAY"), ("STOPPED", ALWAYS, "RESTART"),
    ],
)  # fmt: skip
def test_the_rule_and_the_ending_decide(policy: Any, ending: str, rule: int, expected: str) -> None:
    assert decide(policy, policy.new("RestartHistory"), ending, rule, 3, 0) == expected


@settings(max_examples=100, deadline=None)
@given(gaps=st.lists(st.integers(0, 60), max_size=30), limit=st.integers(0, 5))
def test_never_more_restarts_in_a_window_than_the_limit(policy: Any, gaps: list[int], limit: int) -> None:
    history = policy.new("RestartHistory")
    time, start, restarts, total = 0, 0, 0, 0
    for gap in gaps:
        time += gap
        decision = decide(policy, history, "FAULT", ALWAYS, limit, time)
        if time - start >= WINDOW:
            start, restarts = time, 0
        assert decision == ("RESTART" if restarts < limit else "GIVE_UP")
        restarts += decision == "RESTART"
        total += decision == "RESTART"
    assert history.total == total
