"""`dauys complaint …`: the queue, one complaint, a question, who looks after it, the decision."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import TypeVar

from dauys import clock, settings
from dauys.terminal import answer, say, table
from dauys.wiring import Hall, open_hall
from election.complaint_desk import ComplaintDesk, Line, Ruling
from election.complaints import Complaint, Counts, Outcome
from handlers import notices
from handlers.texts import Texts

T = TypeVar("T")


def listed(decided: bool, as_json: bool) -> None:
    """Those that wait, or those decided."""

    async def look(desk: ComplaintDesk, now: datetime) -> tuple[Sequence[Complaint], Counts]:
        return await desk.queue(decided=decided), await desk.counts(now)

    found, counts = _run(look)
    if as_json:
        answer(
            {
                "waiting": counts.open,
                "soon": counts.soon,
                "late": counts.late,
                "filed": counts.filed,
                "complaints": [_told(each) for each in found],
            }
        )
        return
    say(f"{counts.filed} filed, {counts.open} wait: {counts.soon} due soon, {counts.late} late.")
    zone = settings.timezone(settings.read())
    rows = [
        (
            str(each.number),
            each.kind,
            "pressed" if each.pressed else "",
            each.state,
            _place(each),
            f"{each.due_at.astimezone(zone):%d.%m %H:%M}",
            each.officer,
        )
        for each in found
    ]
    if rows:
        table("", ("", "about", "", "state", "where", "due", "looked after by"), rows)


def show(number: int, as_json: bool) -> None:
    """All that is written on it."""
    found, lines = _run(lambda desk, now: desk.read(number))
    if as_json:
        answer(_told(found) | {"entries": [_line(line) for line in lines]})
        return
    zone = settings.timezone(settings.read())
    pressed = ", says that she was pressed" if found.pressed else ""
    say(f"Complaint {number}: {found.kind}{pressed}; {found.state}, due {found.due_at.astimezone(zone):%d.%m %H:%M}.")
    say(f"By {found.channel}. {_place(found)}".strip())
    for line in lines:
        who = line.officer or "the member"
        note = f" ({line.note})" if line.note else ""
        say(f"{line.at.astimezone(zone):%d.%m %H:%M} {line.step} by {who}{note}: {_plain(line.text)}")
        if line.evidence:
            say(f"SHA-256 of a file: {line.evidence}")


def ask(number: int, text: str, who: str, as_json: bool) -> None:
    """Ask the member."""
    words = notices.complaint_word(Texts(), "complaint-has-question", number)
    _said(_run(lambda desk, now: desk.ask(number, text, who, words, now)), as_json, "The member is asked.")


def assign(number: int, to: str, who: str, as_json: bool) -> None:
    """Say who looks after it."""
    found = _run(lambda desk, now: desk.assign(number, to, who, now))
    _said(found, as_json, f"{found.officer} looks after complaint {number}.")


def decide(number: int, outcome: Outcome, reason: str, again: bool, who: str, as_json: bool) -> None:
    """Decide it."""
    words = notices.complaint_word(Texts(), "complaint-is-decided", number)

    async def ruled(desk: ComplaintDesk, now: datetime) -> Ruling:
        return await desk.decide(number, outcome, reason, who, words, now, again=again)

    ruling = _run(ruled)
    act = ruling.proposal
    if as_json:
        proposed = {"proposal": act.number, "proposal_state": act.state} if act else {}
        answer(_told(ruling.complaint) | proposed)
        return
    say(f"Complaint {number} is {outcome}; the member is told.")
    if act and act.state == "pending":
        say(f"The vote again waits for another person: dauys approve {act.number} --as NAME")


async def warnings(hall: Hall, now: datetime) -> Sequence[str]:
    """What `dauys election status` says of complaints."""
    counts = await hall.complaints.counts(now)
    found = []
    if counts.late:
        found.append(f"{counts.late} complaints are past their hour: dauys complaint list.")
    if counts.soon:
        found.append(f"{counts.soon} complaints are due soon: dauys complaint list.")
    return found


def _run(work: Callable[[ComplaintDesk, datetime], Awaitable[T]]) -> T:
    async def run() -> T:
        async with open_hall(settings.read()) as hall:
            return await work(hall.complaints, clock.now())

    return asyncio.run(run())


def _told(found: Complaint) -> dict[str, object]:
    """A complaint as JSON: by its number."""
    return {
        "complaint": found.number,
        "kind": found.kind,
        "pressed": found.pressed,
        "state": found.state,
        "channel": found.channel,
        "region": found.region,
        "branch": found.branch,
        "officer": found.officer,
        "filed": found.filed_at.isoformat(timespec="seconds"),
        "due": found.due_at.isoformat(timespec="seconds"),
    }


def _line(line: Line) -> dict[str, object]:
    return {
        "at": line.at.isoformat(timespec="seconds"),
        "step": line.step,
        "officer": line.officer,
        "channel": line.channel,
        "text": line.text,
        "evidence": line.evidence,
        "note": line.note,
    }


def _said(found: Complaint, as_json: bool, sentence: str) -> None:
    if as_json:
        answer(_told(found))
    else:
        say(sentence)


def _place(found: Complaint) -> str:
    return ", ".join(part for part in (found.region, found.branch) if part)


def _plain(text: str) -> str:
    """A stranger's words, with nothing in them that a terminal would obey."""
    return "".join(sign if sign.isprintable() else " " for sign in text)
