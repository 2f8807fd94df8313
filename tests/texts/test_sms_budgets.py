"""Every text that goes by SMS keeps to its budget, in every language."""

from datetime import timedelta
from pathlib import Path

import pytest

from handlers.speech import Language
from handlers.texts import LANGUAGES, Texts
from sms_gateway.numbered import conversation
from sms_gateway.segments import segments
from tests.texts.budgets import CHAT_ONLY, LONGEST, NAMES_OF_LANGUAGES, SEGMENTS, USUAL
from tests.voters import Voter, booth

TEXTS = Texts()
GSM_7_UNITS = 153


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_longer_than_its_budget(language: Language) -> None:
    over = {}
    for key, budget in SEGMENTS.items():
        text = TEXTS.said(language, key, **LONGEST | USUAL.get(key, {}))
        if segments(text) > budget[language]:
            over[key] = f"{segments(text)} segments, {len(text)} signs: {text}"
    assert over == {}


def test_every_text_has_a_budget_or_never_goes_by_sms() -> None:
    known = TEXTS.keys("en")
    assert known - SEGMENTS.keys() - CHAT_ONLY == set(), "a new text: put it into tests/texts/budgets.py"
    assert (SEGMENTS.keys() | CHAT_ONLY) - known == set(), "a text that is no more: take it out of the budgets"
    assert SEGMENTS.keys() & CHAT_ONLY == set()


def test_english_by_sms_keeps_to_the_cheap_alphabet() -> None:
    """One curly quote or long dash more than halves what fits into a segment."""
    dear = {}
    for key in SEGMENTS.keys() - NAMES_OF_LANGUAGES:
        text = TEXTS.said(
            "en", key, **LONGEST | {"query": "Kim", "name": "Kim", "title": "Mazhilis", "percent": "100.0"}
        )
        # what is one segment too many for UCS-2 is one for GSM-7: padding tells the alphabets apart
        if segments(text.ljust(GSM_7_UNITS, ".")[:GSM_7_UNITS]) != 1:
            dear[key] = text
    assert dear == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_code_of_eight_digits_costs_two_segments_at_most(language: Language) -> None:
    assert segments(TEXTS.said(language, "code-letter", code="88888888")) <= 2


LETTERS = {"kk": ("ДАУЫС", "ИӘ", 3), "ru": ("ГОЛОС", "ДА", 3), "en": ("VOTE", "YES", 3)}
"""The names of the candidates are Cyrillic, so that even the English ballot is UCS-2."""


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_vote_by_sms_costs_five_segments_and_its_notice_one(language: Language, tmp_path: Path) -> None:
    """Three candidates: the ballot with its code 3, the review 1, the receipt 1, and one for the notice."""
    vote, yes, ballot = LETTERS[language]
    async with booth(tmp_path) as hall:
        voter = hall.phone(1)
        assert await costs(voter, vote) <= ballot
        assert await costs(voter, f"{await voter.code()} 2") == 1
        assert await costs(voter, yes) == 1
        [notice] = await hall.letters(voter.own_phone)
        assert segments(notice) == 1
        assert await costs(voter, yes) == 1, "what a second attempt is told"


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_wrong_answer_is_repeated_in_one_segment(language: Language, tmp_path: Path) -> None:
    vote, _, _ = LETTERS[language]
    async with booth(tmp_path) as hall:
        voter = hall.phone(1)
        await voter.says(vote)
        code = await voter.code()
        assert await costs(voter, "2") == 1, "a number without the code"
        assert await costs(voter, "00000000 2") == 1, "a wrong code"
        assert await costs(voter, f"{code} 9") == 1, "a number that is not there"
        assert await costs(voter, "🙂") == 1, "a face"
        await voter.says("2")
        assert await costs(voter, "?") == 1, "neither yes nor no at the review"
        hall.hand.moves(seconds=timedelta(minutes=31).total_seconds())
        assert await costs(voter, "2") == 1, "a number when the proof has run out"


async def costs(voter: Voter, words: str) -> int:
    """Segments of all that comes back for these words."""
    texts = conversation(await voter.says(words))
    assert texts, "an answer is due"
    return sum(segments(text) for text in texts)
