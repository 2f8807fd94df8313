"""What the commission has done, in words for everybody whom it concerns."""

from collections.abc import Mapping

from handlers.announcing import Said
from handlers.speech import Language
from handlers.texts import LANGUAGES, Texts

KINDS = ("pause", "resume", "extend", "strike", "unstrike")
"""The acts that are told, each as soon as it is done."""

Named = Mapping[Language, Mapping[str, str]]
"""In each language how those are called whom the act is about: `name` and `title`; or the `hour`; or nothing."""


def said(texts: Texts, kind: str, named: Named) -> Said:
    """What is said of an act of this kind."""
    key = "told-resume-until" if kind == "resume" and "hour" in named["en"] else f"told-{kind}"
    plain = {each: texts.said(each, key, **named[each]) for each in LANGUAGES}
    channel = "\n\n".join(dict.fromkeys(plain.values()))
    more = None
    if kind in ("strike", "unstrike"):
        chat = {each: f"{plain[each]}\n\n{texts.said(each, 'told-again-chat')}" for each in LANGUAGES}
        more = Said(chat, "", {each: f"{plain[each]} {texts.said(each, 'told-again-sms')}" for each in LANGUAGES})
    return Said(plain, channel, plain, again=more)
