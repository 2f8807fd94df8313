"""Nothing that is told, kept or logged says what was chosen."""

import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

from tests.ballots import contest, election
from tests.voters import RECEIPT, Booth, Voter, booth, held

MARKERS = ["qzjxalpha", "qzjxbravo", "qzjxcargo"]
NAMES = ["Вжщэкальфа", "Вжщэкбраво", "Вжщэккарго"]


def _file() -> str:
    text = election(contest("chair", NAMES))
    for number, marker in enumerate(MARKERS, 1):
        text = text.replace(f'"chair-{number}"', f'"{marker}"')
    return text


_NOTICE = re.compile(r"\b\d{4}$")
"""The digits by which she can say that it was not she."""


async def _vote(voter: Voter, answer: str) -> list[str]:
    """Vote so; every screen from the cast on, and every letter, without the receipt and the codes."""
    await voter.signs_in()
    await voter.says(f"{await voter.code()} {answer}" if voter.by_sms else answer)
    voter.heard.clear()
    screens = []
    for text in ("ДА", "ДА", "/start", "/status"):
        await voter.says(text)
        screens.append(RECEIPT.sub("#", voter.shown()))
    return screens + [_NOTICE.sub("#", letter) for letter in await voter.booth.letters(voter.own_phone)]


async def test_screens_receipts_and_notices_are_equal_whatever_was_chosen(tmp_path: Path) -> None:
    async with booth(tmp_path, file=_file(), members=8) as hall:
        answers = ["1", "2", "3", "0"]
        by_chat = [await _vote(hall.telegram(number), answer) for number, answer in enumerate(answers, 1)]
        by_sms = [await _vote(hall.phone(number), answer) for number, answer in enumerate(answers, 5)]
        for told in (by_chat, by_sms):
            assert all(each == told[0] for each in told)
            assert not any(name in line for line in told[0] for name in NAMES)


async def test_what_is_kept_has_one_length_whatever_was_chosen(tmp_path: Path) -> None:
    file = election(contest("chair", [f"К{n}" for n in range(1, 13)], choose=9))
    async with booth(tmp_path, file=file, members=4) as hall:
        lengths: Counter[int] = Counter()
        for number, answer in enumerate(["1", "12", "1 2 3 4 5 6 7 8 9", "0"], 1):
            voter = hall.telegram(number)
            await voter.signs_in()
            await voter.says(answer)
            name = hall.hall.strongroom.name("telegram", voter.address.sender)
            lengths[len(await hall.fleeting.get(f"session:{name}", hall.hand()) or b"")] += 1
            await voter.says("ДА")
            voter.is_told("in-the-box")
        assert list(lengths.values()) == [4]
        await hall.closes()
        await hall.hall.store.office.cut(lambda _: b"")
        assert len({len(sealed) for sealed in await hall.hall.store.office.urn()}) == 1


def _found(folder: Path) -> dict[str, Counter[str]]:
    """How often each marker and name stands in each file, in the encodings a file may have."""
    words = [*MARKERS, *NAMES]
    return {
        name: Counter({word: file.count(word.encode()) + file.count(word.encode("utf-16-le")) for word in words})
        for name, file in held(folder).items()
    }


def _says_nothing(folder: Path) -> None:
    for name, times in _found(folder).items():
        if name.startswith("dauys.sqlite3"):  # the election's definition is there: each candidate as often as another
            assert len({times[marker] for marker in MARKERS}) == 1
            assert len({times[name] for name in NAMES}) == 1
        else:
            assert not any(times.values()), f"{name} tells {times}"


async def test_a_draft_and_a_vote_leave_no_candidate_in_any_file(tmp_path: Path) -> None:
    async with booth(tmp_path, file=_file()) as hall:
        chat, phone = hall.telegram(1), hall.phone(2)
        await chat.signs_in()
        await chat.presses(NAMES[1])
        await phone.signs_in()
        await phone.says(f"{await phone.code()} 3")
        assert {tuple(m) for v in (chat, phone) for m in (await hall.session(v)).marks.values()} == {
            (MARKERS[1],), (MARKERS[2],),
        }  # fmt: skip
        _says_nothing(tmp_path)
        for voter in (chat, phone):
            await voter.says("вжщэкбраво")  # a search leaves nothing either
            await voter.says("ДА")
        _says_nothing(tmp_path)
        assert await hall.box() == (2, 2, 2)
    _says_nothing(tmp_path)
    assert any(any(times.values()) for times in _found(tmp_path).values()), "the search itself finds nothing"


async def test_phones_and_accounts_owners_are_in_no_file_in_plain(hall: Booth, tmp_path: Path) -> None:
    chat, phone = hall.telegram(1), hall.phone(2)
    await chat.votes()
    await phone.votes()
    for name, file in held(tmp_path).items():
        for voter in (chat, phone):
            assert voter.own_phone.removeprefix("+").encode() not in file, name


def test_the_journal_of_a_loud_election_holds_nothing(tmp_path: Path) -> None:
    """In a process of its own, as in real life: votes by both doors, nonsense, refusals, and a store that breaks."""
    told = subprocess.run(
        [sys.executable, "-m", "tests.handlers.loud_election", str(tmp_path)],
        capture_output=True,
        check=True,
        timeout=60,
        text=True,
    )
    secrets: list[str] = json.loads(told.stdout)
    assert len(secrets) > 15
    assert "store_write_failed" in told.stderr
    assert "loud_election_over" in told.stderr
    for secret in secrets:
        assert secret not in told.stderr
