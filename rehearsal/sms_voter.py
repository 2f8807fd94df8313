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
    await hands.sms(VOTE.get(language, VOTE["ru"]))
    read = start
    for _ in range(MOST_TEXTS):
        shown = await hands.until(partial(_answered, read), shown, "no answer by SMS")
        texts = _received(shown)[read:]
        read += len(texts)
        if any(has_receipt(text) for text in texts):
            return read - start
        answer = _answer(texts, language, rng, proved)
        if answer:
            proved = True
            await hands.sms(answer)
    raise GaveUp("went in circles")


def _answer(texts: list[str], language: str, rng: Chance, proved: bool) -> str:
    """What to write back; empty: wait for more."""
    options = options_in(texts)
    if any(asks_yes(text) for text in texts):
        return YES.get(language, YES["ru"])
    if not options:
        return ""
    most = max(most_of(text) for text in texts)
    chosen = rng.sample(options, rng.randint(1, min(most, len(options))))
    code = "" if proved else next((code for text in reversed(texts) if (code := code_in(text))), "")
    return " ".join([code, *map(str, chosen)]).strip()


def _answered(read: int, shown: dict[str, Any]) -> bool:
    texts = _received(shown)[read:]
    return bool(texts) and is_whole(texts)


def _received(shown: dict[str, Any]) -> list[str]:
    return [str(sms["text"]) for sms in shown["sms"] if not sms["me"]]
