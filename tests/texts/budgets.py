"""What each text may cost by SMS: segments by language (GSM-7 160/153, UCS-2 70/67), with long but real arguments.

A text that never goes by SMS stands in `CHAT_ONLY`. A new text belongs to one of the two, or a test fails.
"""

from handlers.speech import Language

Arguments = dict[str, str | int]

LONGEST: Arguments = {
    "all": 15,
    "bulletin": 40,
    "bot": "a" * 32,
    "choose": 18,
    "chosen": 18,
    "code": "88888888",
    "digits": 8,
    "electorate": 835_000,
    "enrolled": 835_000,
    "hour": "14:03 01.12",
    "last": 100,
    "left": 4,
    "minutes": 1440,
    "number": 15,
    "percent": "100,0",
    "phone": "+7 701 *** ** 67",
    "query": "Қ" * 40,
    "receipt": "K7HM-4XTA-36PC",
    "seconds": 90,
    "version": 120,
    "voted": 835_000,
}
"""As long as the code lets them be, and no longer than a member can meet."""

_NOTICES = ("vote-notice-telegram", "vote-notice-sms", "vote-notice-no-sms")
USUAL: dict[str, Arguments] = {"code-letter": {"code": "888888"}, **{key: {"digits": "4471"} for key in _NOTICES}}
"""A letter carries six digits, or eight where the rules ask for a code alone; the budget is for the six. A notice has
four."""

SEGMENTS: dict[str, dict[Language, int]] = {
    key: {"kk": cyrillic, "ru": cyrillic, "en": latin}
    for key, (cyrillic, latin) in {
        "already-voted": (1, 1),
        "already-voted-receipt": (1, 1),
        "answer-by-number": (1, 1),
        "answer-with-code-contest": (2, 1),
        "answer-with-code-review": (2, 1),
        "awaiting-cast-sms": (1, 1),
        "awaiting-change": (1, 1),
        "awaiting-choice-sms": (1, 1),
        "awaiting-choices-sms": (1, 1),
        "awaiting-language": (1, 1),
        "blank": (1, 1),
        "cast": (1, 1),
        "change": (1, 1),
        "check-found": (1, 1),
        "check-how": (1, 1),
        "check-missing": (1, 1),
        "check-unreadable": (1, 1),
        "check-waiting": (1, 1),
        "choose-at-least-one": (1, 1),
        "choose-language": (1, 1),
        "choose-one-sms": (1, 1),
        "choose-several-sms": (1, 1),
        "closed": (1, 1),
        "code-expired-sms": (1, 1),
        "code-first": (1, 1),
        "code-first-withdraw": (1, 1),
        "code-letter": (1, 1),
        "code-too-soon": (1, 1),
        "code-too-soon-minutes": (1, 1),
        "codes-delayed": (1, 1),
        "contest-of": (1, 1),
        "found": (1, 1),
        "help-sms": (1, 1),
        "in-the-box": (1, 1),
        "invalid-marks": (1, 1),
        "keep": (1, 1),
        "leave-blank": (1, 1),
        "member-locked": (1, 1),
        "no-election": (1, 1),
        "no-more-codes": (1, 1),
        "no-more-redos": (1, 1),
        "not-open-yet": (1, 1),
        "not-signed-in": (1, 1),
        "not-that-vote": (1, 1),
        "not-withdrawn": (1, 1),
        "nothing-to-vote-in": (1, 1),
        "open-now": (1, 1),
        "open-until": (1, 1),
        "opens-at": (1, 1),
        "own-not-voted": (1, 1),
        "own-voted": (1, 1),
        "paused": (1, 1),
        "receipt-sms": (1, 1),
        "redo-too-soon": (1, 1),
        "review": (1, 1),
        "show-all": (1, 1),
        "sms-voting-off": (1, 1),
        "stopped-sms": (1, 1),
        "too-many": (1, 1),
        "try-again": (1, 1),
        "turnout": (2, 1),
        "vote-again": (1, 1),
        "vote-again-once": (1, 1),
        "vote-notice-no-sms": (1, 1),
        "vote-notice-sms": (1, 1),
        "vote-notice-telegram": (1, 1),
        "what-to-change": (1, 1),
        "withdraw": (1, 1),
        "withdraw-ask-sms": (2, 1),
        "withdraw-sure": (1, 1),
        "withdrawn": (1, 1),
        "word-all": (1, 1),
        "word-no": (1, 1),
        "word-yes": (1, 1),
        "wrong-code": (1, 1),
        "wrong-code-last-sms": (1, 1),
    }.items()
}

CHAT_ONLY = frozenset(
    {
        "account-frozen",
        "account-taken",
        "again-code",
        "ask-contact",
        "ask-phone",
        "awaiting-cast-chat",
        "awaiting-choice-chat",
        "awaiting-choices-chat",
        "awaiting-contact",
        "back",  # a button without a word: by SMS one goes back with NO
        "choose-one-chat",
        "choose-several-chat",
        "code-expired-chat",
        "code-sent",
        "find-by-name",
        "help-chat",
        "menu-check",
        "menu-help",
        "menu-language",
        "menu-start",
        "menu-status",
        "menu-turnout",
        "next",  # a button; by SMS all the numbers come in one message
        "not-me",
        "not-own-contact",
        "own-bot",
        "own-bot-button",
        "own-not-signed-in",
        "page-after",
        "page-before",
        "phone-unreadable",
        "receipt-chat",
        "share-number",
        "stopped-chat",
        "turnout-button",
        "type-again-code",
        "type-code",
        "withdraw-ask-chat",
        "wrong-code-last-chat",
    }
)

NAMES_OF_LANGUAGES = frozenset({"awaiting-language", "choose-language"})
"""The only texts by SMS in which English itself needs Cyrillic letters."""
