"""Messages that are not replies: the letter with the code and the notice after every vote. Both go by SMS."""

from handlers.speech import Channel, Language
from handlers.texts import Texts


def code_letter(texts: Texts, language: Language, code: str) -> str:
    """The SMS with a code: only for one's own vote, for nobody else's eyes."""
    return texts.said(language, "code-letter", code=code)


def vote_notice(
    texts: Texts, language: Language, channel: Channel, hour: str, digits: str, *, answered_by_sms: bool
) -> str:
    """The SMS after every vote. The same words whatever was chosen, and for a first vote and a later one; `digits`
    make her NO known as an answer to this very notice."""
    key = f"vote-notice-{channel}" if answered_by_sms else "vote-notice-no-sms"
    return texts.said(language, key, hour=hour, digits=digits)
