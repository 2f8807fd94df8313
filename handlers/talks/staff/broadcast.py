"""An organiser says something to many: what, to whom, a look at all of it, and then how far it has come."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime

from election.broadcasts import WAYS, Way
from election.definition import LANGUAGES, Words
from handlers.announcing import Preview, Wish
from handlers.speech import Action, Option, Reply
from handlers.staff import Work, screen
from handlers.talks.language import OWN_NAMES
from handlers.talks.staff import progress
from handlers.talks.staff.progress import KEY, order, span, state
from handlers.visit import Visit

_MOST = 1000
"""Signs of an organiser's words: they also go by SMS."""
_LISTED = 3
_DIGITS = 9


async def show(visit: Visit) -> Sequence[Reply]:
    """Where she left; else what can be said, and what was said last."""
    notes = visit.session.staff
    if "far" in notes and (found := await visit.house.announcer.broadcast(notes["far"])):
        return [progress.show(visit, found)]
    if notes.get("awaits"):
        return _ask(visit)
    if "say" in notes:
        return _to_whom(visit)
    lines = [Action(visit.text("staff-say-words"), order(visit, "words"), row=0)]
    if number := await visit.house.announcer.newest_bulletin():
        lines.append(Action(visit.text("staff-say-bulletin", number=number), order(visit, "news", number), row=1))
    if visit.standing.record.stage == "open" and not visit.standing.is_past(visit.now):
        lines.append(Action(visit.text("staff-say-remind"), order(visit, "remind"), row=2))
    for row, each in enumerate((await visit.house.announcer.newest())[:_LISTED], 3):
        lines.append(Action(state(visit, each), order(visit, "far", each.number), row=row))
    return screen(visit, visit.text("staff-say-what"), *lines)


async def hear(visit: Visit) -> Sequence[Reply] | None:
    """A button, or her words."""
    if not visit.order:
        return _written(visit) if visit.session.staff.get("awaits") else None
    act, *rest = visit.order
    answer = _ACTS.get(act)
    return await answer(visit, rest[0] if rest else "") if answer else None


async def _words(visit: Visit, _: str) -> Sequence[Reply] | None:
    visit.session.staff = {"work": KEY, "say": "message", "words": {}, "awaits": LANGUAGES[0]}
    return _ask(visit)


async def _news(visit: Visit, number: str) -> Sequence[Reply] | None:
    visit.session.staff = {"work": KEY, "say": "bulletin", "bulletin": _number(number)}
    return _to_whom(visit)


async def _remind(visit: Visit, _: str) -> Sequence[Reply] | None:
    visit.session.staff = {"work": KEY, "say": "reminder"}
    return _to_whom(visit)


def _ask(visit: Visit) -> Sequence[Reply]:
    """Her words in the next language, or the same as in the one before."""
    notes = visit.session.staff
    text = visit.text("staff-say-write", what=OWN_NAMES[notes["awaits"]], most=_MOST)
    same = [Action(visit.text("staff-say-same"), order(visit, "same"), row=0)] if notes["words"] else []
    return screen(visit, text, *same)


def _written(visit: Visit) -> Sequence[Reply]:
    """As she typed them: a phrase of ours is shorter, and read for a command."""
    notes, text = visit.session.staff, visit.incoming.text.strip()
    if not 0 < len(text) <= _MOST:
        return screen(visit, visit.text("staff-say-long", most=_MOST))
    notes["words"][notes["awaits"]] = text
    notes["awaits"] = next((each for each in LANGUAGES if each not in notes["words"]), "")
    return _ask(visit) if notes["awaits"] else _to_whom(visit)


async def _same(visit: Visit, _: str) -> Sequence[Reply] | None:
    notes = visit.session.staff
    if said := list(notes.get("words", {}).values()):
        notes["words"] = {each: notes["words"].get(each, said[-1]) for each in LANGUAGES}
        notes["awaits"] = ""
    return None


def _to_whom(visit: Visit) -> Sequence[Reply]:
    chosen = _ways(visit)
    options = tuple(
        Option(number, visit.text(f"staff-say-to-{way}"), order(visit, "way", way), ticked=way in chosen)
        for number, way in enumerate(_possible(visit), 1)
    )
    look = [Action(visit.text("staff-say-look"), order(visit, "look"), row=0)] if chosen else []
    return screen(visit, visit.text("staff-say-to-whom"), *look, options=options)


async def _way(visit: Visit, way: str) -> Sequence[Reply] | None:
    chosen = set(_ways(visit)) ^ {way}
    visit.session.staff["ways"] = [each for each in _possible(visit) if each in chosen]
    visit.session.staff.pop("at", None)  # what is sent is what was looked at
    return None


def _possible(visit: Visit) -> Sequence[Way]:
    """No channel where none is named, and none for a reminder: a channel has no right to vote."""
    named = visit.standing.definition.bulletins.channels and visit.session.staff.get("say") != "reminder"
    return WAYS if named else [way for way in WAYS if way != "channels"]


def _ways(visit: Visit) -> Sequence[Way]:
    """Those she has chosen; at first all but SMS, which cost."""
    possible = _possible(visit)
    chosen = visit.session.staff.get("ways", [way for way in possible if way != "sms"])
    return [way for way in possible if way in chosen]


async def _look(visit: Visit, _: str) -> Sequence[Reply] | None:
    """All of it as it would arrive, and what it takes."""
    wish = _wish(visit, visit.now)
    if wish is None:
        return None
    found = await visit.house.announcer.preview(wish)
    visit.session.staff |= {"at": visit.now.isoformat(), "expected": found.expected}
    send = Action(visit.text("staff-say-send"), order(visit, "send"), row=0)
    other = Action(visit.text("staff-say-to-others"), order(visit, "whom"), row=1)
    return [*_as_it_arrives(visit, found), *screen(visit, _takes(visit, found), send, other, fresh=True)]


async def _whom(visit: Visit, _: str) -> Sequence[Reply] | None:
    return None


def _wish(visit: Visit, at: datetime) -> Wish | None:
    notes = visit.session.staff
    if "say" not in notes or notes.get("awaits") or not _ways(visit) or visit.officer is None:
        return None
    text = Words(**notes["words"]) if notes.get("words") else None
    return Wish(notes["say"], tuple(_ways(visit)), visit.officer.name, at, text, notes.get("bulletin", 0))


def _as_it_arrives(visit: Visit, found: Preview) -> Sequence[Reply]:
    said, replies = found.said, list[Reply]()
    if found.recipients.get("channels"):
        heading = ", ".join(found.plan.channels)
        replies.append(_sample(visit, heading, said.channel, said.pictures.get(LANGUAGES[0], b"")))
    for language in LANGUAGES if "telegram" in found.recipients else ():
        heading = f"Telegram, {OWN_NAMES[language]}"
        replies.append(_sample(visit, heading, said.chat[language], said.pictures.get(language, b"")))
    if "sms" in found.recipients:
        heading = "SMS"
        replies.append(_sample(visit, heading, "\n\n".join(said.sms[language] for language in LANGUAGES)))
    return replies


def _sample(visit: Visit, heading: str, text: str, picture: bytes = b"") -> Reply:
    return visit.incoming.reply(text, heading=heading, picture=picture, fresh=True)


def _takes(visit: Visit, found: Preview) -> str:
    lines = [f"{visit.text(f'staff-say-to-{way}')}: {number}" for way, number in found.recipients.items()]
    if found.seconds:
        lines.append(visit.text("staff-say-takes", what=span(visit, found.seconds)))
    if found.segments:
        money = f"{found.segments * found.price:.2f}" if found.price else ""
        lines.append(visit.text("staff-say-segments", segments=found.segments))
        lines += [visit.text("staff-say-price", money=money)] if money else []
    return "\n".join(lines)


async def _send(visit: Visit, _: str) -> Sequence[Reply] | None:
    notes = visit.session.staff
    wish = _wish(visit, datetime.fromisoformat(notes["at"])) if "at" in notes else None
    if wish is None:
        return None
    number = await visit.house.announcer.send(wish, notes["expected"])
    visit.session.staff = {"work": KEY, "far": number}
    return None


async def _far(visit: Visit, number: str) -> Sequence[Reply] | None:
    visit.session.staff = {"work": KEY, "far": _number(number)}
    return None


async def _stop(visit: Visit, number: str) -> Sequence[Reply] | None:
    """Stopping is for good, so it is asked twice."""
    yes = Action(visit.text("staff-say-stop"), order(visit, "halt", _number(number)), row=0)
    no = Action(visit.text("staff-say-far"), order(visit, "far", _number(number)), row=1)
    return screen(visit, visit.text("staff-say-sure", number=_number(number)), yes, no)


async def _halt(visit: Visit, number: str) -> Sequence[Reply] | None:
    await visit.house.announcer.stop(_number(number), visit.now)
    return await _far(visit, number)


def _number(given: str) -> int:
    """0 for what is none of ours."""
    return int(given) if given.isascii() and given.isdecimal() and len(given) <= _DIGITS else 0


_ACTS: Mapping[str, Callable[[Visit, str], Awaitable[Sequence[Reply] | None]]] = {
    "words": _words,
    "same": _same,
    "news": _news,
    "remind": _remind,
    "way": _way,
    "whom": _whom,
    "look": _look,
    "send": _send,
    "far": _far,
    "stop": _stop,
    "halt": _halt,
}

WORK = Work(KEY, "staff-say", frozenset({"organiser"}), show, hear)
