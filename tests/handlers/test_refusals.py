"""Every refusal of the closed list has words in three languages, and a code of its own."""

from datetime import UTC, datetime, timedelta

import pytest

from election import errors
from election.election_file import parse
from election.ports import ElectionRecord
from election.standing import Standing
from handlers import refusals
from handlers.phrases import read
from handlers.session import Session
from handlers.speech import Address, Incoming, Language
from handlers.visit import Visit
from tests.voters import FILE, START, TEXTS

LIST: list[type[errors.Refusal]] = errors.Refusal.__subclasses__()
LANGUAGES: list[Language] = ["kk", "ru", "en"]
VARIANTS: list[errors.Refusal] = [
    *(refusal() for refusal in LIST),
    errors.NotOpenYet(datetime(2026, 12, 2, 9, tzinfo=UTC)),
    errors.WrongCode(3),
    errors.CodeTooSoon(timedelta(seconds=12)),
    errors.CodeTooSoon(timedelta(hours=5)),
    errors.CodesDelayed(timedelta(minutes=10)),
]


def _visit(language: Language, *, by_sms: bool) -> Visit:
    address = Address("sms", "+77010000001", "+77010000001") if by_sms else Address("telegram", "1", "1")
    incoming = Incoming(id="1", address=address, claimed_phone="+77010000001" if by_sms else "")
    record = ElectionRecord(FILE, "0" * 64, "open", None, 1, None, "", None, None)
    house = type("House", (), {"texts": TEXTS})()  # refusals ask the house for words and for nothing else
    return Visit(house, incoming, read(""), Session(language=language), Standing(record, parse(FILE)), START)


def test_the_list_is_closed_and_codes_are_unlike() -> None:
    assert not [child for refusal in LIST for child in refusal.__subclasses__()]
    assert len({refusal.code for refusal in LIST}) == len(LIST)
    assert all(refusal.code for refusal in LIST)


@pytest.mark.parametrize("refusal", VARIANTS, ids=lambda refusal: refusal.code)
def test_every_refusal_has_words_of_its_own_in_each_language_at_each_door(refusal: errors.Refusal) -> None:
    for by_sms in (False, True):
        said = [refusals.words(_visit(language, by_sms=by_sms), refusal) for language in LANGUAGES]
        assert len(set(said)) == 3
        assert all(len(words) > 10 and "{" not in words for words in said)
