"""Whatever members do, one vote a member is counted: a vote may be cast again once, and the hour of closing is set.

The other rules stand in a file of their own, so that two workers share the time it takes.
"""

from tests.votes_acts import AGAIN_ONCE, ANSWERS, RUNS, STEPS
from tests.votes_machine import hold_elections


def test_elections_answer_and_count_as_the_notebook_does() -> None:
    tally = hold_elections(AGAIN_ONCE, runs=RUNS // 2)
    assert tally.runs >= RUNS // 2
    assert tally.steps >= RUNS // 2 * STEPS
    assert tally.missing({**ANSWERS, "let in": f"{ANSWERS['let in']} redo_too_soon no_more_redos"}) == set()
