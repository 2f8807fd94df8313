"""The committee at complaints: the queue, one complaint, a question to its member, the decision. Nobody's name."""

from collections.abc import Mapping, Sequence

from election.complaint_desk import Line, committee
from election.complaints import LONGEST_WORD, Complaint, Outcome, says_something
from handlers import notices, phrases
from handlers.speech import Action, Reply
from handlers.staff import Work, screen, staff
from handlers.talks.complaint import ABOUT
from handlers.visit import Visit

KEY = "cpl"
_A_SCREEN = 8
_OUTCOMES: Mapping[str, tuple[Outcome, str]] = {
    "up": ("upheld", "staff-complaint-upheld"),
    "re": ("upheld", "staff-complaint-again"),
    "no": ("rejected", "staff-complaint-rejected"),
    "nf": ("no-fault", "staff-complaint-no-fault"),
}
"""What stands on the buttons of a decision. `re` proposes a vote again."""
_ENDED: Mapping[str, str] = {outcome: text for key, (outcome, text) in _OUTCOMES.items() if key != "re"}


async def show(visit: Visit) -> Sequence[Reply]:
    """What waits, the most urgent first."""
    return await _queue(visit, decided=False, start=0)


async def hear(visit: Visit) -> Sequence[Reply] | None:
    """A button, or the words that were asked for."""
    if not visit.order:
        return await _typed(visit) if "doing" in visit.session.staff else None
    first, *rest = visit.order
    if first in {"w", "d"}:
        start = int(rest[0]) if rest and rest[0].isdecimal() else 0
        return await _queue(visit, decided=first == "d", start=start)
    if not first.isdecimal():
        return None
    return await _of_one(visit, int(first), *rest)


async def _queue(visit: Visit, *, decided: bool, start: int) -> Sequence[Reply]:
    _forget(visit)
    found = await visit.house.complaints.queue(decided=decided, most=_A_SCREEN + 1, start=start)
    counts = await visit.house.complaints.counts(visit.now)
    lines = [
        Action(_line(visit, each), visit.payload(staff(KEY, each.number)), row=row)
        for row, each in enumerate(found[:_A_SCREEN])
    ]
    here, there = ("d", "w") if decided else ("w", "d")
    if start:
        before = visit.payload(staff(KEY, here, max(0, start - _A_SCREEN)))
        lines.append(Action(visit.text("page-before"), before, row=20))
    if len(found) > _A_SCREEN:
        lines.append(Action(visit.text("page-after"), visit.payload(staff(KEY, here, start + _A_SCREEN)), row=20))
    other = "staff-complaints-waiting" if decided else "staff-complaints-decided"
    lines.append(Action(visit.text(other), visit.payload(staff(KEY, there)), row=21))
    text = visit.text("staff-complaints-counts", open=counts.open, soon=counts.soon, late=counts.late)
    return screen(visit, text, *lines, heading=visit.text("staff-complaints"))


def _line(visit: Visit, each: Complaint) -> str:
    what = visit.text(ABOUT[each.kind]) if each.waits else visit.text(_ENDED[each.state])
    return visit.text("staff-complaint-line", ticket=str(each.number), what=what, until=visit.hour(each.due_at))


async def _of_one(visit: Visit, number: int, deed: str = "", what: str = "") -> Sequence[Reply]:
    desk, officer = visit.house.complaints, visit.officer
    name = officer.name if officer else ""
    if deed == "ask":
        return _await_words(visit, number, "ask", visit.text("staff-complaint-write-question", most=LONGEST_WORD))
    if deed == "dec" and what in _OUTCOMES:
        return _await_words(visit, number, what, visit.text("staff-complaint-write-reason", most=LONGEST_WORD))
    if deed == "dec":
        return _ask_outcome(visit, number)
    if deed == "go":
        return await _done(visit, number, name)
    if deed == "mine":
        await desk.assign(number, name, name, visit.now)
    others = committee(visit.standing.definition)
    if deed == "give" and what.isdecimal() and int(what) < len(others):
        await desk.assign(number, others[int(what)].name, name, visit.now)
    elif deed == "give":
        return _ask_whom(visit, number)
    return await _read(visit, number)


async def _read(visit: Visit, number: int) -> Sequence[Reply]:
    _forget(visit)
    found, lines = await visit.house.complaints.read(number)
    text = "\n".join([*_head(visit, found), "", *(_told(visit, line) for line in lines)])
    deeds: tuple[tuple[str, str], ...] = (
        ("staff-complaint-ask", "ask"),
        ("staff-complaint-mine", "mine"),
        ("staff-complaint-give", "give"),
        ("staff-complaint-decide", "dec"),
    )
    buttons = [
        Action(visit.text(label), visit.payload(staff(KEY, number, deed)), row=row)
        for row, (label, deed) in enumerate(deeds)
    ]
    way_back = Action(visit.text("staff-complaints"), visit.payload(staff(KEY, "w")), row=10)
    heading = visit.text("staff-complaint", ticket=str(number))
    return screen(visit, text, *(buttons if found.waits else []), way_back, heading=heading)


def _head(visit: Visit, found: Complaint) -> Sequence[str]:
    place = ", ".join(part for part in (found.region, found.branch) if part)
    return [
        visit.text(ABOUT[found.kind]),
        *([visit.text("staff-complaint-pressed")] if found.pressed else []),
        *([place] if place else []),
        visit.text("staff-complaint-by-sms" if found.channel == "sms" else "staff-complaint-by-telegram"),
        visit.text("staff-complaint-due", until=visit.hour(found.due_at)),
        *([visit.text("staff-complaint-officer", name=found.officer)] if found.officer else []),
    ]


def _told(visit: Visit, line: Line) -> str:
    hour = visit.hour(line.at)
    if line.step == "assigned":
        return visit.text("staff-complaint-assigned", hour=hour, name=line.note)
    if line.step == "asked":
        return visit.text("staff-complaint-asked", hour=hour, name=line.officer, words=line.text)
    if line.step == "decided":
        ended = visit.text(_ENDED[line.note])
        return visit.text("staff-complaint-ended", hour=hour, name=line.officer, what=ended, words=line.text)
    said = visit.text("staff-complaint-said", hour=hour, words=line.text)
    return f"{said}\n{visit.text('staff-complaint-evidence')}" if line.evidence else said


def _ask_outcome(visit: Visit, number: int) -> Sequence[Reply]:
    offered = [key for key in _OUTCOMES if key != "re" or visit.house.complaints.may_grant()]
    lines = [
        Action(visit.text(_OUTCOMES[key][1]), visit.payload(staff(KEY, number, "dec", key)), row=row)
        for row, key in enumerate(offered)
    ]
    return screen(visit, visit.text("staff-complaint-how"), *lines, _to(visit, number))


def _ask_whom(visit: Visit, number: int) -> Sequence[Reply]:
    lines = [
        Action(officer.name, visit.payload(staff(KEY, number, "give", place)), row=place)
        for place, officer in enumerate(committee(visit.standing.definition))
    ]
    return screen(visit, visit.text("staff-complaint-whom"), *lines, _to(visit, number))


def _await_words(visit: Visit, number: int, doing: str, text: str) -> Sequence[Reply]:
    _forget(visit)
    visit.session.staff |= {"doing": doing, "ticket": number}
    return screen(visit, text, _to(visit, number), heading=visit.text("staff-complaint", ticket=str(number)))


async def _typed(visit: Visit) -> Sequence[Reply]:
    """The words: shown once more before they go out."""
    notes = visit.session.staff
    words = " ".join(phrases.plain(visit.incoming.text).split())
    if not says_something(words) or len(words) > LONGEST_WORD:
        return screen(visit, visit.text("refused-no-words"), _to(visit, notes["ticket"]), fresh=True)
    notes["words"] = words
    number = notes["ticket"]
    if notes["doing"] == "ask":
        text, label = visit.text("staff-complaint-question", words=words), "staff-complaint-send"
    else:
        what = visit.text(_OUTCOMES[notes["doing"]][1])
        text, label = visit.text("staff-complaint-decision", what=what, words=words), "staff-complaint-decide"
    go = Action(visit.text(label), visit.payload(staff(KEY, number, "go")), row=0)
    return screen(visit, text, go, _to(visit, number), heading=visit.text("staff-complaint", ticket=str(number)))


async def _done(visit: Visit, number: int, name: str) -> Sequence[Reply]:
    notes, house = visit.session.staff, visit.house
    doing, words = notes.get("doing", ""), notes.get("words", "")
    if not words or notes.get("ticket") != number:
        return await _read(visit, number)
    if doing == "ask":
        told = notices.complaint_word(house.texts, "complaint-has-question", number)
        await house.complaints.ask(number, words, name, told, visit.now)
        _forget(visit)
        return screen(visit, visit.text("staff-complaint-sent"), _to(visit, number))
    told = notices.complaint_word(house.texts, "complaint-is-decided", number)
    ruling = await house.complaints.decide(
        number, _OUTCOMES[doing][0], words, name, told, visit.now, again=doing == "re"
    )
    _forget(visit)
    text = visit.text("staff-complaint-done")
    if ruling.proposal:
        text = f"{text}\n{visit.text('staff-complaint-redo', number=ruling.proposal.number)}"
    return screen(visit, text, _to(visit, number))


def _to(visit: Visit, number: int) -> Action:
    return Action(visit.text("staff-complaint", ticket=str(number)), visit.payload(staff(KEY, number)), row=10)


def _forget(visit: Visit) -> None:
    for name in ("doing", "ticket", "words"):
        visit.session.staff.pop(name, None)


WORK = Work(KEY, "staff-complaints", frozenset({"committee"}), show, hear)
