"""A crowd that comes at a steady rate, through both doors."""

import asyncio
import re
import time
from collections import Counter

from election.election_file import parse
from proofs.members import ByPhone, Diary, InTelegram
from rehearsal.bell import Bell
from rehearsal.box import Box
from rehearsal.chance import Chance
from tests.voters import FILE

ROLL = 3_000
AT_LEAST = 450
A_SECOND = 5.0
BY_PHONE = 4
"""Every so-manieth member votes by SMS."""
IN_A_HURRY = 3
"""Every so-manieth member taps twice."""
A_DAY = 180.0
"""Seconds after which a member goes home without a receipt: she was not answered."""

CANDIDATES = {candidate.name.ru: candidate.id for candidate in parse(FILE).contests[0].candidates}
PHONES = [f"+7701{number:07d}" for number in range(1, ROLL + 1)]
ROLL_FILE = "member_id,name,phone,region,language\n" + "".join(
    f"m{number},Участник {number},{phone},Область {number % 7},ru\n" for number, phone in enumerate(PHONES, 1)
)

_CODE = re.compile(r"(?<!\d)\d{6}(\d\d)?(?!\d)")
_FIRST, _SECOND, _THIRD = CANDIDATES
_LIKED = (_FIRST, _FIRST, _FIRST, _SECOND, _SECOND, _THIRD)


class Crowd:
    """Members come until `enough` is set, and at least AT_LEAST of them. `diaries` are theirs, in that order."""

    def __init__(self, box: Box, chance: Chance) -> None:
        self.diaries: list[Diary] = []
        self.enough = asyncio.Event()
        self._box = box
        self._chance = chance
        self._receipts = Bell()  # rung for each
        self._may_go = asyncio.Event()  # to the box
        self._may_go.set()
        self._awaited = 0  # before those at the box may go

    async def votes(self) -> None:
        """Return when each who came has her receipt or has gone home."""
        begun = time.monotonic()
        async with asyncio.TaskGroup() as group:
            for number, phone in enumerate(PHONES, 1):
                if self.enough.is_set() and number > AT_LEAST:
                    return
                await asyncio.sleep(begun + number / A_SECOND - time.monotonic())
                group.create_task(self._votes(number, phone))
            raise RuntimeError("the whole roll has come, and the troubles are not over")

    async def _votes(self, number: int, phone: str) -> None:
        by_phone = number % BY_PHONE == 0
        choice = self._chance.sample(_LIKED, 1)[0]
        diary = Diary(f"m{number}", phone, "sms" if by_phone else "telegram", choice, came=time.time())
        self.diaries.append(diary)
        kind = ByPhone if by_phone else InTelegram
        member = kind(self._box, diary, self._chance, in_a_hurry=number % IN_A_HURRY == 0)
        try:
            async with asyncio.timeout(A_DAY):
                await member.vote(self._may_cast)
            self._receipts.ring()
        except TimeoutError:
            diary.left_with = tuple(member.read()[-5:])

    def under_way(self) -> int:
        """How many have come and have no receipt yet."""
        return len(self.diaries) - self._receipts.version

    async def goes_on(self, more: int) -> None:
        """Return when so many more have been told their receipts."""
        if not await self._receipts.after(self._receipts.version + more - 1, A_DAY):
            raise TimeoutError("members are told no receipts any more")

    async def rushes(self, members: int) -> None:
        """Let so many wait and then cast at once; return when the first of them has been told her receipt."""
        self._awaited = members
        self._may_go.clear()
        async with asyncio.timeout(A_DAY):
            await self._may_go.wait()
        await self.goes_on(1)

    async def _may_cast(self) -> None:
        if not self._may_go.is_set():
            self._awaited -= 1
            if self._awaited == 0:
                self._may_go.set()
        await self._may_go.wait()

    def codes(self, diary: Diary) -> list[float]:
        """When each code came to this member's phone; Unix time in seconds."""
        letters = self._box.carrier.thread(diary.phone)
        return [letter.created for letter in letters if letter.to == diary.phone and _CODE.search(letter.body)]

    def choices(self) -> dict[str, int]:
        """The count as it should be, by candidate."""
        return dict(Counter(CANDIDATES[diary.choice] for diary in self.diaries))
