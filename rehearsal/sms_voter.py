"""A member votes by text message: the word, then a code and a number, the next number, YES, receipt."""

from functools import partial
from typing import Any

from rehearsal.chance import Chance
from rehearsal.hands import GaveUp, Hands
from rehearsal.reading import VOTE, YES, asks_yes, code_in, has_receipt, is_whole, most_of, options_in

MOST_TEXTS = 60


async def vote(hands: Hands, language: str, rng: Chance) -> int:
    """Vote, and say how many texts came for it. GaveUp says why not."""
    shown = await hands.look()
    start = len(_received(shown))
    proved = False  # the code is said once, beside the first number
    answer = VOTE.get(language, VOTE["ru"])
    read = start
    for _ in range(MOST_TEXTS):
        shown = await _send(hands, answer, read, shown)
        texts = _received(shown)[read:]
        read += len(texts)
        if any(has_receipt(text) for text in texts):
            return read - start
        answer = _answer(texts, language, rng, proved)
        proved = proved or bool(answer)
    raise GaveUp("went in circles")


async def _send(hands: Hands, text: str, read: int, shown: dict[str, Any]) -> dict[str, Any]:
    """Send a text (empty: only wait) and wait for the answer; once more where none comes."""
    answered = partial(_answered, read)
    if text:
        await hands.sms(text)
    try:
        return await hands.until(answered, shown, "no answer by SMS")
    except GaveUp:
        if text:
            await hands.sms(text)
        return await hands.until(answered, await hands.look(), "no answer by SMS")


def _answer(texts: list[str], language: str, rng: Chance, proved: bool) -> str:
    """What to write back; empty: wait for more."""
    code = "" if proved else next((code for text in reversed(texts) if (code := code_in(text))), "")
    if any(asks_yes(text) for text in texts):
        return f"{code} {YES.get(language, YES['ru'])}".strip()
    options = options_in(texts)
    if not options:
        return ""
    most = max(most_of(text) for text in texts)
    chosen = rng.sample(options, rng.randint(1, min(most, len(options))))
    return " ".join([code, *map(str, chosen)]).strip()


def _answered(read: int, shown: dict[str, Any]) -> bool:
    texts = _received(shown)[read:]
    return bool(texts) and is_whole(texts)


def _received(shown: dict[str, Any]) -> list[str]:
    return [str(sms["text"]) for sms in shown["sms"] if not sms["me"]]
