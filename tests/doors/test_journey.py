"""One script through both doors: whoever votes by SMS is told the same and ends with the same rights."""

from pathlib import Path

import pytest

from election.definition import Channel
from election.election_file import parse
from handlers.speech import Language
from tests.ballots import contest, election
from tests.doors.handsets import Chat, Handset, Phone
from tests.voters import RECEIPT, TEXTS, booth

FIRST = [("Бірінші", "Первый", "First"), ("Екінші", "Второй", "Second"), ("Үшінші", "Третий", "Third")]
SECOND = [("Төртінші", "Четвёртый", "Fourth"), ("Бесінші", "Пятый", "Fifth")]
FILE = election(
    contest("chair", FIRST, title=("Төраға", "Председатель", "Chair")),
    contest("council", SECOND, title=("Кеңес", "Совет", "Council")),
)
WORDS = {
    "kk": {"start": "ДАУЫС", "yes": "ИӘ", "no": "ЖОҚ", "status": "КҮЙ", "turnout": "ҚАТЫСУ", "check": "ТЕКСЕРУ"},
    "ru": {"start": "ГОЛОС", "yes": "ДА", "no": "НЕТ", "status": "СТАТУС", "turnout": "ЯВКА", "check": "ПРОВЕРКА"},
    "en": {"start": "VOTE", "yes": "YES", "no": "NO", "status": "STATUS", "turnout": "TURNOUT", "check": "CHECK"},
}
PLACE: dict[Language, int] = {"kk": 0, "ru": 1, "en": 2}
TURNOUT: dict[str, str | int] = {"hour": "14:03 01.12", "voted": 1, "electorate": 2, "enrolled": 1, "version": 1}


async def _walk(person: Handset, language: Language) -> dict[str, str]:
    """The script. Each station of the way and what stood on the screen there."""
    words, place = WORDS[language], PLACE[language]
    first, second = [name[place] for name in FIRST], [name[place] for name in SECOND]
    seen = {}

    def looks(station: str) -> None:
        seen[station] = person.reads()

    await person.arrives()
    looks("first contest")
    await person.answers_nonsense()
    looks("wrong number")
    if isinstance(person, Chat):  # the sentence is a message of its own; the buttons stand above it
        await person.types("/start")
    await person.answers(2, first[1])
    looks("second contest")
    await person.answers(1, second[0])
    looks("review")
    await person.agrees(words["no"], TEXTS.said(language, "change"))
    looks("change")
    await person.answers(1, ("Төраға", "Председатель", "Chair")[place])
    looks("first contest again")
    await person.answers(3, first[2])
    looks("changed review")
    await person.agrees(words["yes"], TEXTS.said(language, "cast"))
    looks("receipt")
    await person.types(words["yes"])
    looks("second attempt")
    await person.types(words["start"])
    looks("second coming")
    await person.types(words["status"])
    looks("status")
    person.booth.hand.moves(seconds=4)  # turnout on a screen is at most three seconds old
    await person.types(words["turnout"])
    looks("turnout")
    seen["own receipt"] = RECEIPT.findall(seen["receipt"])[0]
    await person.types(f"{words['check']} {seen['own receipt']}")
    looks("check")
    return seen


def _facts(language: Language, door: str, receipt: str) -> dict[str, list[str]]:
    """What must be read at each station. Only how to answer may differ: buttons to press, or words to send."""
    place = PLACE[language]
    first, second = [name[place] for name in FIRST], [name[place] for name in SECOND]
    chair, council = ("Төраға", "Председатель", "Chair")[place], ("Кеңес", "Совет", "Council")[place]

    def said(key: str, **arguments: str | int) -> str:
        return TEXTS.said(language, key, **arguments)

    return {
        "first contest": [chair, said("contest-of", number=1, all=2), said("leave-blank"), *first],
        "wrong number": [said(f"awaiting-choice-{door}", last=3)],
        "second contest": [council, said("contest-of", number=2, all=2), said("leave-blank"), *second],
        "review": [said("review"), f"{chair}: {first[1]}", f"{council}: {second[0]}", said("cast"), said("change")],
        "change": [said("what-to-change"), chair, council],
        "first contest again": [chair, *first],
        "changed review": [f"{chair}: {first[2]}", f"{council}: {second[0]}"],
        "receipt": [said("in-the-box"), receipt],
        "second attempt": [said("already-voted-receipt", receipt=receipt)],
        "second coming": [said("already-voted-receipt", receipt=receipt)],
        "status": [said("open-now"), said("own-voted")],
        "turnout": [said("turnout", **TURNOUT, percent="50.0" if language == "en" else "50,0")],
        "check": [said("check-waiting")],
    }  # fmt: skip


@pytest.mark.parametrize("channel", ["telegram", "sms"])
@pytest.mark.parametrize("language", ["kk", "ru", "en"])
async def test_both_doors_tell_the_same_facts_and_leave_the_same_rights(
    tmp_path: Path, language: Language, channel: Channel
) -> None:
    async with booth(tmp_path, file=FILE, members=2) as hall:
        person = Chat(hall, 1, language) if channel == "telegram" else Phone(hall, 1, WORDS[language]["start"])
        seen = await _walk(person, language)
        door = "chat" if channel == "telegram" else "sms"
        for station, facts in _facts(language, door, seen["own receipt"]).items():
            for fact in facts:
                assert fact in seen[station], f"{station} does not tell {fact!r}:\n{seen[station]}"
        voter = await hall.member(1)
        assert (voter.right, voter.enrolled, voter.wrong_codes, voter.language) == ("voted", True, 0, language)
        assert await hall.box() == (1, 1, 1)
        turnout = (await hall.hall.store.ledger.turnout())[0]
        assert (turnout.telegram, turnout.sms) == ((1, 0) if channel == "telegram" else (0, 1))
        digits = hall.hall.strongroom.notice_digits(parse(FILE).id, voter.id, 1)
        notice = TEXTS.said(language, f"vote-notice-{channel}", hour="14:03 01.12", digits=digits)
        assert await hall.letters(person.phone) == [notice]


@pytest.mark.parametrize("names", [3, 40])
async def test_from_start_to_receipt_takes_five_messages_at_most(tmp_path: Path, names: int) -> None:
    file = election(contest("chair", [f"Кандидат {n}" for n in range(1, names + 1)]))
    async with booth(tmp_path, file=file) as hall:
        person = Chat(hall, 1, "ru")
        await person.arrives()
        await person.presses("Кандидат 3")
        await person.presses(TEXTS.said("ru", "cast"))
        assert TEXTS.said("ru", "in-the-box") in person.reads()
        assert person.spent == 5
        assert len(person.messages) == 3, "contest, review and receipt are one message, edited in place"


async def test_a_vote_begun_at_one_door_may_be_cast_at_the_other(tmp_path: Path) -> None:
    async with booth(tmp_path, file=FILE) as hall:
        chat, phone = Chat(hall, 1, "en"), Phone(hall, 1, "VOTE")
        await chat.arrives()
        await chat.presses("Second")
        hall.hand.moves(minutes=1)
        await phone.arrives()
        await phone.answers(1, "")
        await phone.types("1")
        await phone.types("YES")
        assert TEXTS.said("en", "in-the-box") in phone.reads()
        receipt = RECEIPT.findall(phone.reads())[0]
        await chat.presses("Fourth")
        assert TEXTS.said("en", "already-voted-receipt", receipt=receipt) in chat.reads()
        assert await hall.box() == (1, 1, 1)
