"""`dauys broadcast …`: what is said to many, looked at first, then confirmed, then watched."""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, time, timedelta
from typing import get_args
from zoneinfo import ZoneInfo

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from dauys import broadcasting, clock, settings
from dauys.settings import Settings
from dauys.terminal import answer, console, say, table
from dauys.wiring import Hall, open_hall
from election.broadcasts import Broadcast, Plan, Way, seconds_left
from election.definition import LANGUAGES, Words
from election.errors import OperatorRefusal
from handlers.announcing import Preview

_OPERATOR = "the operator"
_LOOK_SECONDS = 0.5
Draft = Callable[[Hall, datetime], Awaitable[Plan]]


def send(words: Words, to: str, at: str, yes: bool, as_json: bool) -> None:
    """An organiser's words, in three languages."""
    missing = [f"--text-{each}" for each in LANGUAGES if not words.said(each).strip()]
    if missing:
        raise OperatorRefusal("no_text", f"Each member is spoken to in her language; add {' and '.join(missing)}.")
    ways = _ways(to)

    async def draft(hall: Hall, now: datetime) -> Plan:
        _, definition = await hall.election(now)
        due = _due(at, now, ZoneInfo(definition.timezone))
        return await broadcasting.a_message(hall, words, ways, due, _OPERATOR, now)

    _plan(draft, yes, as_json)


def bulletin(number: int, to: str, yes: bool, as_json: bool) -> None:
    """A bulletin that is published already."""
    ways = _ways(to)
    _plan(lambda hall, now: broadcasting.a_bulletin(hall, number, ways, _OPERATOR, now), yes, as_json)


def remind(to: str, yes: bool, as_json: bool) -> None:
    """You have not voted yet."""
    ways = _ways(to)
    if "channels" in ways:
        raise OperatorRefusal("bad_way", "A reminder goes to members only; say --to telegram or --to telegram,sms.")
    _plan(lambda hall, now: broadcasting.a_reminder(hall, ways, now, _OPERATOR, now), yes, as_json)


def newest(as_json: bool) -> None:
    """The newest broadcasts."""
    options = settings.read()

    async def run() -> Sequence[Broadcast]:
        async with open_hall(options) as hall:
            return await hall.store.broadcasts.broadcasts()

    found = asyncio.run(run())
    told = [_told(each, options) for each in found]
    if as_json:
        answer({"broadcasts": told})
    elif not told:
        say("No broadcasts yet.")
    else:
        zone = settings.timezone(options)
        rows = [
            (
                each.number,
                each.plan.kind,
                each.state,
                f"{each.plan.due_at.astimezone(zone):%d.%m %H:%M}",
                f"{each.counts.sent + each.counts.queued} of {each.counts.expected}",
                each.counts.blocked + each.counts.failed,
            )
            for each in found
        ]
        table("", ("", "kind", "state", "due", "sent", "closed, failed"), rows)


def show(number: int, as_json: bool) -> None:
    """How far one has come; on a terminal until it has ended."""
    options = settings.read()

    async def run() -> Broadcast:
        async with open_hall(options) as hall:
            found = await _there(hall, number)
            if as_json or not console.is_terminal:
                return found
            return await _watched(hall, found)

    found = asyncio.run(run())
    told = _told(found, options)
    if as_json:
        answer(told)
    else:
        table(f"Broadcast {number}", ("", ""), [(name, str(value)) for name, value in told.items() if name != "number"])


def stop(number: int, yes: bool, as_json: bool) -> None:
    """Stop it. What has left arrives."""
    options = settings.read()

    async def run() -> Broadcast:
        async with open_hall(options) as hall:
            await _there(hall, number)
            _must_confirm(f"Stop broadcast {number}? It cannot be taken up again.", yes, as_json)
            if not await hall.store.broadcasts.stop(number, clock.now()):
                raise OperatorRefusal("broadcast_ended", f"Broadcast {number} has ended already.")
            return await _there(hall, number)

    told = _told(asyncio.run(run()), options)
    if as_json:
        answer(told)
    else:
        say(f"Broadcast {number} is stopped: {told['sent']} sent, {told['queued']} put into the outbox before.")


def _plan(draft: Draft, yes: bool, as_json: bool) -> None:
    """Show what it would be, ask, and put it down."""
    options = settings.read()

    async def run() -> tuple[int, Preview]:
        async with open_hall(options) as hall:
            found = await broadcasting.preview(hall, options, await draft(hall, clock.now()))
            if not found.expected:
                raise OperatorRefusal("nobody", "Nobody would get it: no channel is named, and no member subscribed.")
            if not as_json:
                _show(found)
            _must_confirm("Send it?", yes, as_json)
            return await broadcasting.put_down(hall, found), found

    number, found = asyncio.run(run())
    if as_json:
        answer(
            {
                "broadcast": number,
                "due": found.plan.due_at.isoformat(timespec="seconds"),
                "recipients": dict(found.recipients),
                "seconds": round(found.seconds),
                "sms_segments": found.segments,
                "sms_price": round(found.segments * found.price, 2) if found.price else None,
            }
        )
    else:
        say(f"Broadcast {number} is planned; the clock sends it. Watch it: dauys broadcast show {number}")


def _show(found: Preview) -> None:
    if found.said.channel and found.recipients.get("channels"):
        say(f"In {', '.join(found.plan.channels)}:\n{found.said.channel}\n")
    for language in LANGUAGES:
        if "telegram" in found.recipients:
            say(f"In Telegram, {language}:\n{found.said.chat[language]}\n")
        if "sms" in found.recipients:
            say(f"By SMS, {language}:\n{found.said.sms[language]}\n")
    if found.said.pictures:
        say("With the chart of this bulletin.\n")
    table("", ("to", "how many"), [(way, number) for way, number in found.recipients.items()])
    takes = timedelta(seconds=round(found.seconds))
    say(f"In Telegram it takes {takes}; by SMS it costs {found.segments} segments{_price(found)}.")


def _price(found: Preview) -> str:
    return f", {found.segments * found.price:,.2f} at {found.price:g} a segment" if found.price else ""


def _must_confirm(question: str, yes: bool, as_json: bool) -> None:
    if yes:
        return
    if as_json or not sys.stdin.isatty():
        raise OperatorRefusal("not_confirmed", "Nothing was done; add --yes where nobody can be asked.")
    if console.input(f"{question} [y/N] ").strip().lower() not in ("y", "yes"):
        raise OperatorRefusal("not_confirmed", "Nothing was done.")


def _ways(to: str) -> tuple[Way, ...]:
    given = [word.strip() for word in to.split(",") if word.strip()]
    known: tuple[Way, ...] = get_args(Way)
    if not given or set(given) - set(known):
        raise OperatorRefusal("bad_way", "--to takes channels, telegram, sms, with commas between.")
    return tuple(way for way in known if way in given)


def _due(at: str, now: datetime, zone: ZoneInfo) -> datetime:
    """The next time it is this hour where the election is; now where none is given."""
    if not at:
        return now
    try:
        hour = time.fromisoformat(at)
    except ValueError:
        raise OperatorRefusal("bad_hour", "--at takes an hour like 18:00, in the election's time zone.") from None
    due = datetime.combine(now.astimezone(zone).date(), hour, zone)
    return due if due > now else datetime.combine(due.date() + timedelta(days=1), hour, zone)


async def _there(hall: Hall, number: int) -> Broadcast:
    found = await hall.store.broadcasts.broadcast(number)
    if found is None:
        raise OperatorRefusal("no_broadcast", f"There is no broadcast {number}; see `dauys broadcast list`.")
    return found


async def _watched(hall: Hall, found: Broadcast) -> Broadcast:
    """Move a bar until it has ended; Ctrl-C ends the watching only."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console) as bar:
        task = bar.add_task(f"Broadcast {found.number}", total=max(found.counts.expected, 1))
        while True:
            bar.update(task, completed=found.counts.settled, description=f"Broadcast {found.number}, {found.state}")
            if found.state in ("done", "stopped"):
                return found
            await asyncio.sleep(_LOOK_SECONDS)
            found = await _there(hall, found.number)


def _told(found: Broadcast, options: Settings) -> dict[str, object]:
    """A broadcast as JSON."""
    counts, now = found.counts, clock.now()
    pace = broadcasting.telegram_pace(options)
    return {
        "number": found.number,
        "kind": found.plan.kind,
        "bulletin": found.plan.bulletin or None,
        "state": found.state,
        "by": found.plan.by,
        "to": list(found.plan.ways),
        "due": found.plan.due_at.isoformat(timespec="seconds"),
        "began": found.began_at.isoformat(timespec="seconds") if found.began_at else None,
        "ended": found.ended_at.isoformat(timespec="seconds") if found.ended_at else None,
        "expected": counts.expected,
        "sent": counts.sent,
        "queued": counts.queued,
        "blocked": counts.blocked,
        "failed": counts.failed,
        "spared": counts.spared,
        "seconds_left": round(seconds_left(found, now, pace)),
    }
