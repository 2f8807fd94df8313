"""What a complaint is, where it can go, and what of it may be told."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest

from election import bulletin_complaints
from election.bulletin_rules import public_rules
from election.complaints import (
    DECIDED,
    OUTCOMES,
    WAITING,
    Counts,
    State,
    Step,
    evidence_in,
    follows,
    kind_in,
    place_told,
    remind_at,
    says_something,
)
from election.ports import Act
from tests.board.little_election import DEFINITION

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
DECISION = Act(1, NOON, DECIDED, "{}", "", "Berik", "Berik", "done")


def test_a_decided_complaint_goes_nowhere() -> None:
    for outcome in OUTCOMES:
        for step in get_args(Step):
            assert follows(outcome, step, "upheld") is None


def test_from_every_other_state_each_step_leads_somewhere_and_a_decision_to_its_outcome() -> None:
    for state in WAITING:
        for outcome in OUTCOMES:
            assert follows(state, "decided", outcome) == outcome
    expected: dict[tuple[State, Step], State] = {
        ("open", "asked"): "asked",
        ("asked", "asked"): "asked",
        ("asked", "answered"): "open",
        ("open", "answered"): "open",
        ("open", "assigned"): "open",
        ("asked", "assigned"): "asked",
    }
    assert {key: follows(*key) for key in expected} == expected
    assert follows("open", "filed") is None


@pytest.mark.parametrize(
    ("region", "branch", "told"),
    [
        (("Almaty", 500), ("North", 10), ("Almaty", "North")),
        (("Almaty", 500), ("North", 9), ("Almaty", "")),
        (("Almaty", 9), ("North", 9), ("", "")),
        (("", 0), ("", 0), ("", "")),
    ],
)
def test_a_place_of_fewer_than_ten_is_not_named(
    region: tuple[str, int], branch: tuple[str, int], told: tuple[str, str]
) -> None:
    assert place_told(region, branch) == told


def test_the_committee_is_reminded_twelve_hours_before_or_when_a_quarter_is_left() -> None:
    assert remind_at(NOON, NOON + timedelta(hours=72)) == NOON + timedelta(hours=60)
    assert remind_at(NOON, NOON + timedelta(hours=4)) == NOON + timedelta(hours=3)


def test_a_hash_of_a_file_is_found_wherever_it_stands_and_nothing_else_is_taken_for_one() -> None:
    digest = "9f86D081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
    assert evidence_in(f"видео, sha256: {digest}.") == digest.lower()
    assert evidence_in(digest + "0") == evidence_in(digest[:63]) == evidence_in("видео") == ""


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("1 велели голосовать", "pressed"),
        ("2. за меня уже голосовали", "voted"),
        ("6", "other"),
        ("7 раз звонили", "other"),
        ("12 человек", "other"),
        ("не пускают", "other"),
        ("", "other"),
    ],
)
def test_the_number_before_the_words_says_what_it_is_about(text: str, kind: str) -> None:
    assert kind_in(text) == kind


def test_signs_alone_say_nothing() -> None:
    assert not says_something("??? 12 34")
    assert says_something("Сол")


def test_how_many_were_pressed_is_told_from_ten_complaints_on() -> None:
    assert "pressed" not in bulletin_complaints.in_public(Counts(filed=9, open=9, pressed=9))
    assert bulletin_complaints.in_public(Counts(filed=10, open=10, pressed=3)) == {
        "filed": 10, "open": 10, "upheld": 0, "rejected": 0, "no_fault": 0, "pressed": 3
    }  # fmt: skip


@pytest.mark.parametrize(
    ("counts", "acts", "said"),
    [
        (Counts(filed=3, open=2), [], "3 complaints were filed, but 2 wait and 0 are decided."),
        (Counts(filed=1, upheld=1), [], "1 complaints are decided, but 0 decisions are on record."),
        (Counts(filed=10, open=10, pressed=11), [], "11 say that they were pressed, but 10 complaints were filed."),
        (Counts(filed=2, open=1, no_fault=1), [DECISION], ""),
    ],
)
def test_what_does_not_reconcile_is_named(counts: Counts, acts: list[Act], said: str) -> None:
    bulletin = {"complaints": bulletin_complaints.in_public(counts)}
    assert list(bulletin_complaints.problems(bulletin, acts)) == ([said] if said else [])


def test_complaints_only_grow_from_bulletin_to_bulletin() -> None:
    before = {"complaints": bulletin_complaints.in_public(Counts(filed=11, open=10, upheld=1, pressed=2))}
    after = {"complaints": bulletin_complaints.in_public(Counts(filed=11, open=11, pressed=2))}
    assert list(bulletin_complaints.problems_since(after, before)) == ["Of complaints “upheld” was 1 and is 0."]
    assert list(bulletin_complaints.problems_since(before, after)) == []
    assert list(bulletin_complaints.problems_since(after, {})) == []


def test_the_public_rules_tell_a_deadline_of_its_own_and_keep_their_hash_without_one() -> None:
    usual = public_rules(DEFINITION)["policy"]
    assert "complaint_deadline" not in usual
    policy = replace(DEFINITION.policy, complaint_deadline=timedelta(hours=24))
    assert public_rules(replace(DEFINITION, policy=policy))["policy"] == {**usual, "complaint_deadline": 86_400}
