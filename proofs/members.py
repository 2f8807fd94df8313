"""Members who vote as people do: they look at what stands there, do the next thing, and do it again if nothing comes.

Each keeps a diary: whom she chose, what she had to repeat, how long she waited, the receipt she was told.
"""

import asyncio
import re
import time
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from election.definition import Channel
from rehearsal.bell import Bell
from rehearsal.box import Box
from rehearsal.chance import Chance
from tests.outside.town import Phone, TelegramUser
from tests.voters import RECEIPT, TEXTS

PATIENCE = 5.0
"""Seconds after which somebody does again what nothing came of."""
CODE_PATIENCE = 20.0
"""Seconds after which somebody asks for another code."""


@dataclass
class Diary:
    """What one member lived through. Times are Unix time in seconds."""

    member_id: str
    phone: str
    channel: Channel
    choice: str  # the candidate's name
    came: float
    told: float = 0.0
    receipt: str = ""
    repeats: list[float] = field(default_factory=list)  # when she did something again
    waits: list[tuple[float, float]] = field(default_factory=list)  # when an answer came; seconds it took
    other_choices: int = 0  # reviews that showed another choice than hers
    left_with: tuple[str, ...] = ()  # the last that was said to her, if she went home without a receipt


@dataclass(frozen=True)
class Step:
    """What to do next, unless something new comes within `pause` seconds. `casts`: it is what casts the vote."""

    act: Callable[[], object]
    pause: float = 0.0
    casts: bool = False


class Member(ABC):
    """Somebody with a handset. Who is in a hurry taps twice."""

    def __init__(self, box: Box, diary: Diary, chance: Chance, *, in_a_hurry: bool) -> None:
        person = box.people.get(diary.phone)
        if person is None:
            raise LookupError(diary.phone)
        self.diary = diary
        self._bell: Bell = person.bell
        self._chance = chance
        self._taps = 2 if in_a_hurry else 1

    @abstractmethod
    def read(self) -> list[str]:
        """All that was said to her."""

    @abstractmethod
    def news(self) -> object:
        """Differs from what it was once something has come back."""

    @abstractmethod
    def look(self) -> Step:
        """What the screen asks for."""

    async def vote(self, may_cast: Callable[[], Awaitable[None]]) -> None:
        """To the receipt, however long it takes. `may_cast` is waited for each time before the vote is cast."""
        while not self.diary.receipt:
            step, before = self.look(), self.news()
            if step.casts:
                await may_cast()
            if not step.pause or not await self._hears(before, step.pause):
                await self._do(step.act, before)
            if not self._note_receipt():
                await asyncio.sleep(0.3 + self._chance.random())

    def _note_receipt(self) -> bool:
        found = [receipt for text in self.read() for receipt in RECEIPT.findall(text)]
        if found:
            self.diary.receipt, self.diary.told = found[-1], time.time()
        return bool(found)

    async def _do(self, act: Callable[[], object], before: object) -> None:
        begun = time.time()
        act()
        while not await self._hears(before, PATIENCE):
            self.diary.repeats.append(time.time())
            act()
        self.diary.waits.append((time.time(), time.time() - begun))

    async def _hears(self, before: object, seconds: float) -> bool:
        """Whether something has come back since."""
        until = time.monotonic() + seconds
        while self.news() == before:
            left = until - time.monotonic()
            if left <= 0 or not await self._bell.after(self._bell.version, left):
                return self.news() != before
        return True

    def _is_her_choice(self, review: str) -> bool:
        if self.diary.choice in review:
            return True
        self.diary.other_choices += 1
        return False


class InTelegram(Member):
    """A member in the Telegram chat, whose codes come by SMS."""

    def __init__(self, box: Box, diary: Diary, chance: Chance, *, in_a_hurry: bool) -> None:
        super().__init__(box, diary, chance, in_a_hurry=in_a_hurry)
        self._user = TelegramUser(box, diary.phone)
        self._hand = self._user.hand
        self._typed: set[str] = set()

    def read(self) -> list[str]:
        """See Member."""
        return [str(m.content.get("text", "")) for m in self._hand.chat.messages.values() if m.from_bot]

    def news(self) -> object:
        """See Member. That a spinner ends is no answer."""
        chat = self._hand.chat
        return chat.counts.sent, chat.counts.edited, chat.toasts[-1:], len(self._codes())

    def look(self) -> Step:
        """See Member."""
        buttons, said = self._user.buttons(), self._user.text()
        if _CAST in buttons:
            return self._presses(_CAST, casts=True) if self._is_her_choice(said) else self._presses(_CHANGE)
        if self.diary.choice in buttons:
            return self._presses(self.diary.choice)
        if _SHARE in said:
            return Step(self._hand.shares_contact)  # again too: the app keeps a key that was pressed one tap away
        fresh = [code for code in self._codes() if code not in self._typed]
        if fresh:
            self._typed.update(fresh)
            return self._says(fresh[-1])
        if _SIX_DIGITS in said:
            return self._says("/code", CODE_PATIENCE)
        if _ASKS_FOR_NEW_CODE.search(said):
            return self._says("/code", _asked_to_wait(said))
        return self._says("/start")

    def _says(self, text: str, pause: float = 0.0) -> Step:
        return Step(lambda: self._hand.says(text), pause)

    def _presses(self, label: str, *, casts: bool = False) -> Step:
        screen = self._user.last
        if screen is None:
            raise LookupError(label)
        return Step(lambda: [self._hand.presses(screen.id, label) for _ in range(self._taps)], casts=casts)

    def _codes(self) -> list[str]:
        return [code for body in self._user.sms() for code in re.findall(r"(?<!\d)\d{6}(?!\d)", body)]


class ByPhone(Member):
    """A member with a plain phone."""

    def __init__(self, box: Box, diary: Diary, chance: Chance, *, in_a_hurry: bool) -> None:
        super().__init__(box, diary, chance, in_a_hurry=in_a_hurry)
        self._phone = Phone(box, diary.phone)
        self._send = box.carrier.send_from
        self._typed: set[str] = set()

    def read(self) -> list[str]:
        """See Member."""
        return self._phone.inbox()

    def news(self) -> object:
        """See Member."""
        return len(self._phone.inbox())

    def look(self) -> Step:
        """See Member."""
        texts = [text for text in reversed(self._phone.inbox()) if not text.startswith(_NOTICE)]
        if texts and (wait := _asked_to_wait(texts[0])):
            codes = (text for text in texts if not self._typed.issuperset(_codes_of_eight(text)))
            return self._answers(next(codes, ""), wait)
        return self._answers(texts[0] if texts else "")

    def _answers(self, said: str, wait: float = 0.0) -> Step:
        """What is asked for; if nothing is, another code, after a while if need be."""
        codes = _codes_of_eight(said)
        self._typed.update(codes)
        listed = re.search(rf"^(\d+) {re.escape(self.diary.choice)}$", said, re.MULTILINE)
        if listed:
            return self._says(" ".join([*codes, listed[1]]))
        if said.startswith(_REVIEW):
            yes = self._is_her_choice(said)
            return self._says(" ".join([*codes, _YES if yes else _NO]), casts=yes)
        return self._says(_VOTE, wait)

    def _says(self, text: str, pause: float = 0.0, *, casts: bool = False) -> Step:
        return Step(lambda: [self._send(self.diary.phone, text) for _ in range(self._taps)], pause, casts)


def _codes_of_eight(said: str) -> list[str]:
    return re.findall(r"(?<!\d)\d{8}(?!\d)", said)


def _asked_to_wait(said: str) -> float:
    """How many seconds a text asks one to wait."""
    found = re.search(r"через (\d+) (с|мин)\.", said)
    return float(found[1]) * (60 if found[2] == "мин" else 1) if found else 0.0


_CAST, _CHANGE, _SHARE = (TEXTS.said("ru", key) for key in ("cast", "change", "share-number"))
_REVIEW, _YES, _NO = (TEXTS.said("ru", key) for key in ("review", "word-yes", "word-no"))
_VOTE = "ГОЛОС"
_NOTICE = "Ваш голос принят:"
_SIX_DIGITS = "6 цифр"
_ASKS_FOR_NEW_CODE = re.compile(r"/code|Новый можно запросить|Неверный код")
