"""Anybody may do anything in any order. Whatever it is, these stay true."""

import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.speech import Reply
from tests.handlers.places import CHAT, FILE, GARBAGE_KEYS, SMS, TEXTS_OF_ALL_SORTS
from tests.voters import RECEIPT, Booth, booth, buttons

NAMES = ["Серик", "Айгүл", "Виктор", "Член"]
Act = Callable[["Crowd"], Awaitable[object]]


class Crowd:
    """One member at both doors, and what has ever been said to her."""

    def __init__(self, hall: Booth) -> None:
        self.hall = hall
        self.doors = [hall.telegram(1), hall.phone(1)]
        self.voter = self.doors[0]
        self.receipts: set[str] = set()
        self.letters: list[str] = []

    async def checks(self, replies: list[Reply], *, had_voted: bool) -> None:
        voted, standing, counted = await self.hall.box()
        assert voted == standing == counted <= 1
        told = self.voter.shown() if replies else ""
        if had_voted or RECEIPT.search(told):
            assert not any(name in told for name in NAMES), f"after the vote it says {told}"
        self.receipts |= set(RECEIPT.findall(told)) - {"K7HM-4XTA-36PC"}
        assert len(self.receipts) <= 1
        for letter in await self.hall.letters(self.voter.own_phone):
            self.letters.append(letter)
            assert not any(name in letter for name in NAMES)


def _says(text: str) -> Act:
    return lambda crowd: crowd.voter.says(text)


def _presses(number: int) -> Act:
    async def act(crowd: Crowd) -> None:
        shown = [button for reply in crowd.voter.heard for button in buttons(reply)]
        if shown and not crowd.voter.by_sms:
            await crowd.voter.taps(shown[-1 - number % len(shown)].payload)

    return act


def _taps(key: str) -> Act:
    async def act(crowd: Crowd) -> None:
        if not crowd.voter.by_sms:
            shown = [button.payload for reply in crowd.voter.heard for button in reply.options]
            await crowd.voter.taps(shown[-1].rpartition(".")[0] + "." + key if shown else key)

    return act


async def _code(crowd: Crowd) -> None:
    """The newest code, wherever it came."""
    digits = 8 if crowd.voter.by_sms else 6
    said = crowd.letters + [reply.footer for reply in crowd.voter.heard if crowd.voter.by_sms]
    found = ["".join(sign for sign in text if sign.isdigit())[:digits] for text in said]
    found = [code for code in found if len(code) == digits]
    await crowd.voter.says(found[-1] if found else "123456")


async def _votes(crowd: Crowd) -> None:
    """What brings her to the receipt from most places."""
    await _code(crowd)
    for text in ("1", "2", "ДА"):
        await crowd.voter.says(text)


async def _changes_door(crowd: Crowd) -> None:
    crowd.voter = crowd.doors[1 - crowd.doors.index(crowd.voter)]


async def _contact(crowd: Crowd) -> None:
    if not crowd.voter.by_sms:
        await crowd.voter.shares_contact()


async def _others_contact(crowd: Crowd) -> None:
    if not crowd.voter.by_sms:
        await crowd.voter.shares_contact("+77010000002", own=False)


async def _photo(crowd: Crowd) -> None:
    await crowd.voter.sends(crowd.voter.message(other=True))


async def _twice(crowd: Crowd) -> None:
    message = crowd.voter.message(text="ДА")
    await crowd.hall.desk.hear(message)
    await crowd.voter.sends(message)


def _waits(seconds: int) -> Act:
    async def act(crowd: Crowd) -> None:
        crowd.hall.hand.moves(seconds=seconds)

    return act


async def _restarts(crowd: Crowd) -> None:
    crowd.hall.restarts()


async def _pauses(crowd: Crowd) -> None:
    await crowd.hall.pauses()


async def _resumes(crowd: Crowd) -> None:
    await crowd.hall.resumes()


WORDS = [
    "/start",
    "ГОЛОС",
    "VOTE",
    "ДА",
    "НЕТ",
    "далее",
    "все",
    "/code",
    "/language",
    "STATUS",
    "STOP",
    "/check",
    "HELP",
]
KEYS = ["p1", "t1", "t2", "u1", "n", "0", "b", "a", "g1", "cast", "yes", "chg", "e0"]
DEEDS = [
    _votes,
    _code,
    _contact,
    _others_contact,
    _photo,
    _twice,
    _changes_door,
    _restarts,
    _pauses,
    _resumes,
]
ACTS = st.one_of(
    st.sampled_from([*WORDS, "1", "2", "3", "1 2", "0", "4 12", "Серик", "айгул", "12345678 1"]).map(_says),
    st.sampled_from([*WORDS, "1", "2", "3", "1 2"]).map(_says),
    st.sampled_from(TEXTS_OF_ALL_SORTS).map(_says),
    st.text(max_size=20).map(_says),
    st.integers(0, 30).map(_presses),
    st.integers(0, 6).map(_presses),
    st.sampled_from([*GARBAGE_KEYS, *KEYS]).map(_taps),
    st.sampled_from([1, 59, 61, 700, 1_900, 90_000]).map(_waits),
    st.sampled_from(DEEDS),
)
PLACES = [*((False, name) for name in CHAT), *((True, name) for name in SMS)]


@settings(max_examples=40, deadline=None, derandomize=True, database=None)
@given(st.sampled_from(PLACES), st.lists(ACTS, max_size=25))
async def test_nothing_raises_no_vote_counts_twice_and_no_choice_is_told(
    place: tuple[bool, str], acts: list[Act]
) -> None:
    by_sms, name = place
    with tempfile.TemporaryDirectory() as folder:
        async with booth(Path(folder), file=FILE, members=2) as hall:
            crowd = Crowd(hall)
            crowd.voter = crowd.doors[int(by_sms)]
            await (SMS if by_sms else CHAT)[name].come(crowd.voter)
            for act in acts:
                had_voted = (await hall.box())[0] == 1
                before = len(crowd.voter.heard)
                await act(crowd)
                await crowd.checks(crowd.voter.heard[before:], had_voted=had_voted)
            assert (await hall.member(2)).right == "open"
