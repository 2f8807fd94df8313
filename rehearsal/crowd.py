"""A crowd of simulated members who vote over the handset API as people do: they look at the screen and press."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import ClientError, ClientSession, TCPConnector

from rehearsal import sms_voter, telegram_voter
from rehearsal.chance import Chance
from rehearsal.hands import GaveUp, Hands


@dataclass(frozen=True, slots=True)
class Member:
    """Who votes, by which door: `id` is the person's id, +phone or Telegram id at the rehearsal."""

    id: str
    channel: str  # telegram | sms
    language: str = "ru"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one member's vote went. `reason` is empty where the receipt was seen."""

    member: Member
    reason: str = ""
    messages: int = 0  # sent or edited in the chat by the bot, or texts sent to the phone

    @property
    def voted(self) -> bool:
        return not self.reason


@dataclass(slots=True)
class Results:
    """The crowd's day."""

    voted: int = 0
    failed: int = 0
    reasons: Counter[str] = field(default_factory=Counter)

    def add(self, outcome: Outcome) -> None:
        if outcome.voted:
            self.voted += 1
        else:
            self.failed += 1
            self.reasons[outcome.reason] += 1


async def vote(member: Member, base_url: str, session: ClientSession, rng: Chance, patience: float = 20.0) -> Outcome:
    """Let one member vote, to the receipt or until nothing has moved for `patience` seconds."""
    hands = Hands(session, base_url, member.id, patience)
    try:
        if member.channel == "sms":
            messages = await sms_voter.vote(hands, member.language, rng)
        else:
            messages = await telegram_voter.vote(hands, member.language, rng)
    except GaveUp as error:
        return Outcome(member, str(error))
    except (ClientError, OSError, TimeoutError):
        return Outcome(member, "the rehearsal did not answer")
    return Outcome(member, messages=messages)


async def crowd(
    base_url: str,
    members: Iterable[Member],
    concurrency: int,
    on_progress: Callable[[Outcome, Results], None] = lambda outcome, results: None,
    *,
    rng: Chance,
    patience: float = 20.0,
) -> Results:
    """Let all members vote, `concurrency` at a time; `on_progress` is called after each."""
    results = Results()
    turns = asyncio.Semaphore(concurrency)

    async def one(member: Member) -> None:
        async with turns:
            outcome = await vote(member, base_url, session, rng, patience)
        results.add(outcome)
        on_progress(outcome, results)

    async with _session() as session, asyncio.TaskGroup() as group:
        for member in members:
            group.create_task(one(member))
    return results


def members_of(people: Iterable[Mapping[str, Any]]) -> list[Member]:
    """People as the handset API lists them, as members of a crowd; without a channel they take Telegram."""
    return [
        Member(str(card["id"]), str(card.get("channel") or "telegram"), str(card.get("language") or "ru"))
        for card in people
    ]


@asynccontextmanager
async def _session() -> AsyncIterator[ClientSession]:
    async with ClientSession(connector=TCPConnector(limit=0)) as session:
        yield session
