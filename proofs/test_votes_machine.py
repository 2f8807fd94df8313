"""Twenty thousand elections of fifty acts, and no difference from the notebook."""
# ruff: noqa: S101

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from tests.votes_acts import ACTS, AGAIN_ALWAYS, AGAIN_NEVER, AGAIN_ONCE, STEPS
from tests.votes_machine import Election, polling_place


class Machine(RuleBasedStateMachine):
    """An election beside its notebook, act by act, so that Hypothesis can leave out acts of a run that fails."""

    def __init__(self, election: Election, finish: Callable[..., Any]) -> None:
        super().__init__()
        self._election, self._finish = election, finish
        self._alike = True
        finish(election.begins())

    @rule(act=st.sampled_from(ACTS))
    def happens(self, act: tuple[Any, ...]) -> None:
        self._alike = False
        self._finish(self._election.step(act))
        self._alike = True

    def teardown(self) -> None:
        if self._alike:
            self._finish(self._election.ends())


@pytest.mark.parametrize(
    ("rules", "file", "runs"),
    [
        ("a vote again once, hours set", AGAIN_ONCE, 10_000),
        ("a vote again always", AGAIN_ALWAYS, 6_000),
        ("a vote again never", AGAIN_NEVER, 4_000),
    ],
    ids=["once", "always", "never"],
)
def test_elections_answer_and_count_as_the_notebook_does(
    rules: str, file: str, runs: int, shows: Callable[[str], None]
) -> None:
    with polling_place(file) as (place, loop, tally):
        while tally.steps < runs * STEPS:  # Hypothesis cuts a few runs short
            run_state_machine_as_test(
                lambda: Machine(Election(place, tally), loop.run_until_complete),
                settings=settings(
                    max_examples=-(-(runs * STEPS - tally.steps) // STEPS),
                    stateful_step_count=STEPS,
                    deadline=None,
                    database=None,
                    suppress_health_check=list(HealthCheck),
                ),
            )
    shows(f"votes machine, {rules}: {tally.runs} runs, {tally.steps} steps, no difference")
    assert tally.runs >= runs
    assert tally.missing() == set()
