"""A member votes in the Telegram chat: start, language, own number, code from the SMS, ballot, review, receipt."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from rehearsal.chance import Chance
from rehearsal.hands import GaveUp, Hands
from rehearsal.reading import LANGUAGES, Ballot, ballot_of, code_in, has_receipt, unticked

MOST_ACTS = 400  # a ballot that takes more than this is a bot that goes in circles
PAGES_TURNED = 2  # at most, before choosing on a ballot with pages

Screen = dict[str, Any]
Act = dict[str, Any]


@dataclass(slots=True)
class _Mind:
    """What a voter remembers between looks at the screen."""

    language: str
    rng: Chance
    typed: set[str] = field(default_factory=set)  # codes used
    wanted: dict[str, int] = field(default_factory=dict)  # how many to tick, by the ballot's heading
    turned: dict[str, int] = field(default_factory=dict)  # pages still to turn


async def vote(hands: Hands, language: str, rng: Chance) -> int:
    """Vote, and say how many messages the bot sent or edited for it. GaveUp says why not."""
    mind = _Mind(language, rng)
    shown = await hands.look()
    mind.typed.update(_codes(shown))
    before = _thrift(shown)
    start = _last_of_bot(shown)
    act: Act | None = {"text": "/start"}
    for _ in range(MOST_ACTS):
        if act is not None:
            shown = await _act(hands, act, shown)
        last = _last_message(shown)
        if last is not None and last["id"] > start and _is_final(last):
            return _thrift(shown) - before
        act = _next_act(shown, mind)
        if act is None:
            shown = await hands.until(_moved(_fingerprint(shown)), shown, _stuck(shown, mind))
    raise GaveUp("went in circles")


async def _act(hands: Hands, act: Act, shown: Screen) -> Screen:
    """Do it and wait for the bot; a person whose tap stays unanswered taps once more."""
    moved = _moved(_fingerprint(shown))
    await hands.telegram(act)
    try:
        return await hands.until(moved, shown, "no answer in the chat")
    except GaveUp:
        await hands.telegram(act)
        return await hands.until(moved, await hands.look(), "no answer in the chat")


def _next_act(shown: Screen, mind: _Mind) -> Act | None:
    """What to do with this screen; None: wait."""
    last = _last_message(shown)
    ballot = ballot_of(last) if last is not None else None
    if ballot is not None and (ballot.cast or ballot.choices or ballot.languages or ballot.next):
        return _mark(ballot, last or {}, mind)
    keyboard = shown["telegram"]["keyboard"]
    for key in (key for row in (keyboard or {"rows": []})["rows"] for key in row):
        if key["contact"]:
            return {"key": key["text"]}
    fresh = [code for code in _codes(shown) if code not in mind.typed]
    if fresh:
        mind.typed.update(fresh)
        return {"text": fresh[-1]}
    return None


def _mark(ballot: Ballot, message: dict[str, Any], mind: _Mind) -> Act:
    if ballot.languages:
        own = LANGUAGES.get(mind.language, LANGUAGES["ru"])
        chosen = next((b for b in ballot.languages if b["text"].strip() == own), ballot.languages[0])
        return {"press": [ballot.message, chosen["data"]]}
    if ballot.cast is not None:
        return {"press": [ballot.message, ballot.cast["data"]]}
    heading = str(message["text"]).partition("\n")[0]
    if ballot.forward is not None:
        left = mind.turned.setdefault(heading, mind.rng.randint(0, PAGES_TURNED))
        if left:
            mind.turned[heading] -= 1
            return {"press": [ballot.message, ballot.forward["data"]]}
    free = unticked(ballot)
    if ballot.next is None:
        return {"press": [ballot.message, mind.rng.sample(free, 1)[0]["data"]]}
    # Ticks on other pages are not seen here, so what was ticked is counted, not read.
    wanted = mind.wanted.setdefault(heading, mind.rng.randint(1, max(1, min(ballot.most, len(free)))))
    if wanted and free:
        mind.wanted[heading] -= 1
        return {"press": [ballot.message, mind.rng.sample(free, 1)[0]["data"]]}
    return {"press": [ballot.message, ballot.next["data"]]}


def _is_final(message: dict[str, Any]) -> bool:
    return has_receipt(message["text"]) and ballot_of(message).cast is None


def _stuck(shown: Screen, mind: _Mind) -> str:
    if mind.typed or _last_message(shown) is None:
        return "nothing to press in the chat"
    return "no code arrived"


def _last_message(shown: Screen) -> dict[str, Any] | None:
    return next((m for m in reversed(shown["telegram"]["messages"]) if m["bot"]), None)


def _last_of_bot(shown: Screen) -> int:
    last = _last_message(shown)
    return int(last["id"]) if last is not None else 0


def _codes(shown: Screen) -> list[str]:
    return [code for sms in shown["sms"] if not sms["me"] and (code := code_in(sms["text"]))]


def _thrift(shown: Screen) -> int:
    counts = shown["telegram"].get("counts") or {"sent": 0, "edited": 0}
    return int(counts["sent"]) + int(counts["edited"])


def _fingerprint(shown: Screen) -> tuple[Any, ...]:
    """What the world did: the bot's messages as they stand, toasts, codes. A voter's own acts do not change it."""
    chat = shown["telegram"]
    said = tuple((m["id"], m["text"], repr(m["buttons"])) for m in chat["messages"] if m["bot"])
    return said, len(chat["toasts"]) and chat["toasts"][-1]["query"], len(_codes(shown))


def _moved(was: tuple[Any, ...]) -> Callable[[Screen], bool]:
    return lambda shown: _fingerprint(shown) != was
