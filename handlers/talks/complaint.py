"""A complaint: an aside, whatever else is under way. What it is about, what happened; later a question, and her answer.

With words behind the command it is filed at once; with the number of a complaint of hers the words are added to that.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta

from election.complaint_desk import Line
from election.complaints import KINDS, LONGEST, Complaint, Kind, State, evidence_in, kind_in, says_something
from election.errors import NoSuchComplaint
from handlers import phrases
from handlers.speech import Action, Option, Reply
from handlers.visit import Visit

_PRESS = "cpl"
_LASTS = timedelta(minutes=30)
_NEWEST = 3
"""So many of her complaints are shown, and so long the next message is taken for what she complains of."""
_NUMBERS = {str(number) for number in range(1, len(KINDS) + 1)}
_LED = re.compile(r"([0-9]{3,9})(?![0-9])[\s.,:;)-]*(.*)", re.DOTALL)
"""A text that begins with the number of a complaint."""
ABOUT: Mapping[Kind, str] = {
    "pressed": "complaint-about-pressed",
    "voted": "complaint-about-voted",
    "access": "complaint-about-access",
    "list": "complaint-about-list",
    "station": "complaint-about-station",
    "other": "complaint-about-other",
}
_ENDS: Mapping[State, str] = {
    "upheld": "complaint-upheld",
    "rejected": "complaint-rejected",
    "no-fault": "complaint-no-fault",
}


def under_way(visit: Visit) -> bool:
    """Whether her next message belongs to a complaint."""
    notes = visit.session.complaint
    return bool(notes) and visit.now.timestamp() < notes["until"]


def leave(visit: Visit) -> None:
    """She goes on with something else."""
    visit.session.complaint = {}


async def ask(visit: Visit) -> Sequence[Reply]:
    """COMPLAINT, alone or with what follows it."""
    leave(visit)
    if not visit.session.member:
        return [visit.say("own-not-signed-in")]
    await visit.house.station.voter(visit.session.member, visit.now)  # still on the roll
    rest = visit.phrase.rest
    own = await visit.house.complaints.hers(visit.session.member)
    led = _LED.fullmatch(rest)
    if led and int(led[1]) in {each.number for each in own}:
        number = int(led[1])
        return await (_add(visit, number, led[2], pressed=False) if led[2] else _show(visit, number))
    if not rest:
        return [_ask_kind(visit, own)]
    if rest in _NUMBERS:
        return [_ask_text(visit, kind_in(rest))]
    if rest.isdecimal():
        raise NoSuchComplaint
    return await _written(visit, rest)


async def hear(visit: Visit) -> Sequence[Reply] | None:
    """What belongs to a complaint; None for all else, which ends one that is under way."""
    if visit.incoming.press:
        return await _pressed(visit)
    if not under_way(visit) or visit.phrase.meaning == "complaint":
        return None
    if visit.phrase.meaning == "no" and not visit.phrase.rest:
        return [_left(visit)]
    if visit.phrase.meaning or visit.incoming.contact:
        leave(visit)
        return None
    if visit.incoming.other:
        return [visit.say("complaint-no-files")]
    return await _typed(visit, phrases.plain(visit.incoming.text))


async def repeat(visit: Visit) -> Sequence[Reply] | None:
    """The answer to a message of a complaint that was delivered twice; None if it is none."""
    if not visit.session.member or visit.incoming.press:
        return None
    known = await visit.house.complaints.by_message(visit.incoming.address.channel, visit.incoming.id)
    if known is not None:
        return [_noted(visit, known)]
    return [_awaited(visit)] if under_way(visit) else None


async def _pressed(visit: Visit) -> Sequence[Reply] | None:
    if not visit.press.startswith(_PRESS):
        leave(visit)
        return None
    if not visit.session.member:
        return None
    key, notes = visit.press.removeprefix(_PRESS), visit.session.complaint
    if key == "x":
        return [_left(visit)]
    if key == "p" and under_way(visit) and notes["at"] != "kind":
        notes["pressed"] = True
        return [_awaited(visit)]
    if key.startswith("k") and key[1:].isdecimal() and int(key[1:]) < len(KINDS):
        return [_ask_text(visit, KINDS[int(key[1:])])]
    return await _show(visit, int(key)) if key.isdecimal() else None


async def _typed(visit: Visit, text: str) -> Sequence[Reply]:
    notes = visit.session.complaint
    if notes["at"] == "kind":
        if text in _NUMBERS:
            return [_ask_text(visit, kind_in(text))]
        if not says_something(text):
            return [visit.say("complaint-awaiting-kind", last=len(KINDS))]
        return await _written(visit, text)
    if text.casefold() == visit.text("complaint-word-pressed").casefold():
        notes["pressed"] = True
        return [_awaited(visit)]
    if notes["at"] == "add":
        return await _add(visit, notes["number"], text, pressed=notes["pressed"])
    return await _written(visit, text, notes["kind"], pressed=notes["pressed"])


async def _written(visit: Visit, text: str, kind: Kind | None = None, *, pressed: bool = False) -> Sequence[Reply]:
    """What happened, in her words: it is filed."""
    if refused := _unfit(visit, text):
        return refused
    house, incoming = visit.house, visit.incoming
    filed = await house.complaints.file(
        visit.session.member,
        incoming.address.channel,
        kind or kind_in(text),
        text,
        incoming.id,
        visit.now,
        pressed=pressed,
    )
    leave(visit)
    return [_noted(visit, filed, text)]


async def _add(visit: Visit, number: int, text: str, *, pressed: bool) -> Sequence[Reply]:
    if refused := _unfit(visit, text):
        return refused
    incoming = visit.incoming
    added = await visit.house.complaints.add(
        visit.session.member, number, incoming.address.channel, text, incoming.id, visit.now, pressed=pressed
    )
    leave(visit)
    return [_noted(visit, added, text)]


async def _show(visit: Visit, number: int) -> Sequence[Reply]:
    """A complaint of hers: what the committee last said, and room for her words while it is not decided."""
    found, said = await visit.house.complaints.to_her(visit.session.member, number)
    text = _standing(visit, found, said)
    if not found.waits:
        leave(visit)
        return [visit.incoming.reply(text, fresh=True)]
    _await(visit, "add", number=number)
    return [_open_to_words(visit, f"{text}\n{visit.text('complaint-add')}")]


def _standing(visit: Visit, found: Complaint, said: Line | None) -> str:
    if said is None or found.state == "open":
        return visit.text("complaint-waits", ticket=str(found.number), hour=visit.hour(found.due_at))
    if found.state == "asked":
        return visit.text("complaint-asks", ticket=str(found.number), words=said.text)
    return visit.text(_ENDS[found.state], ticket=str(found.number), words=said.text)


def _ask_kind(visit: Visit, own: Sequence[Complaint]) -> Reply:
    _await(visit, "kind")
    options = tuple(
        Option(number, visit.text(ABOUT[kind]), visit.payload(f"{_PRESS}k{number - 1}"))
        for number, kind in enumerate(KINDS, 1)
    )
    told = [each for each in own[:_NEWEST] if each.state == "asked" or not visit.by_sms]
    actions = (*(_own(visit, each, row) for row, each in enumerate(told)), _way_out(visit))
    return visit.incoming.reply(visit.text("complaint-ask-kind"), options=options, actions=actions, fresh=True)


def _own(visit: Visit, each: Complaint, row: int) -> Action:
    key = f"complaint-own-{each.state if each.waits else 'decided'}"
    word = f"{visit.text('complaint-word')} {each.number}"
    return Action(visit.text(key, ticket=str(each.number)), visit.payload(f"{_PRESS}{each.number}"), word, row)


def _ask_text(visit: Visit, kind: Kind) -> Reply:
    _await(visit, "text", kind=kind, pressed=kind == "pressed")
    return _awaited(visit)


def _awaited(visit: Visit) -> Reply:
    """What is asked for, once more."""
    notes = visit.session.complaint
    if notes["at"] == "kind":
        return visit.say("complaint-awaiting-kind", last=len(KINDS))
    return _open_to_words(visit, visit.text("complaint-add" if notes["at"] == "add" else "complaint-ask-text"))


def _open_to_words(visit: Visit, text: str) -> Reply:
    noted = visit.session.complaint["pressed"]
    if noted:
        text = f"{visit.text('complaint-pressed-noted')}\n{text}"
    pressed = Action(
        visit.text("complaint-i-was-pressed"), visit.payload(f"{_PRESS}p"), visit.text("complaint-word-pressed"), row=0
    )
    return visit.incoming.reply(text, actions=(*(() if noted else (pressed,)), _way_out(visit)))


def _way_out(visit: Visit) -> Action:
    return Action(visit.text("complaint-leave"), visit.payload(f"{_PRESS}x"), visit.text("word-no"), row=_NEWEST)


def _left(visit: Visit) -> Reply:
    leave(visit)
    return visit.incoming.reply(visit.text("complaint-left"))


def _noted(visit: Visit, filed: Complaint, text: str = "") -> Reply:
    told = visit.here("complaint-noted", ticket=str(filed.number), hour=visit.hour(filed.due_at))
    if evidence_in(text):
        told = f"{told}\n{visit.text('complaint-evidence')}"
    return visit.incoming.reply(told, fresh=True)


def _unfit(visit: Visit, text: str) -> list[Reply]:
    """One sentence on words that cannot be taken; nothing that was chosen before is lost."""
    if not says_something(text):
        return [visit.say("complaint-no-words")]
    if len(text) > LONGEST:
        return [visit.say("complaint-long", most=LONGEST)]
    return []


def _await(visit: Visit, at: str, *, kind: Kind = "other", number: int = 0, pressed: bool = False) -> None:
    until = (visit.now + _LASTS).timestamp()
    visit.session.complaint = {"at": at, "kind": kind, "number": number, "pressed": pressed, "until": until}
