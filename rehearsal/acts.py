"""One act of a person on the Telegram app, from JSON."""

from collections.abc import Mapping
from typing import Any

from rehearsal.clients import CannotDo, TelegramHand
from rehearsal.people import Person, plus_and_digits
from rehearsal.telegram import Telegram


def act(hand: TelegramHand, given: Mapping[str, Any], telegram: Telegram) -> dict[str, Any]:
    """Do what `given` says (README.md lists the acts) and tell the message's or query's id."""
    if "group" in given:
        group = telegram.shared.get(int(given["group"]))
        if group is None or hand.person not in group.members:
            raise CannotDo("not in that group")
        return {"message_id": hand.says_in(group, str(given["text"]))}
    if "text" in given:
        return {"message_id": hand.says(str(given["text"]))}
    if "press" in given:
        message_id, button = given["press"]
        stale = bool(given.get("stale"))
        return {"query_id": hand.presses(int(message_id), button, stale=stale)}
    if "key" in given:
        return {"message_id": hand.presses_key(str(given["key"]))}
    if given.get("share_contact"):
        return {"message_id": hand.shares_contact()}
    if "contact_of" in given:
        return {"message_id": _contact_of(hand, given, telegram)}
    if "send" in given:
        return {"message_id": _send(hand, str(given["send"]))}
    if "edit" in given:
        message_id, text = given["edit"]
        hand.edits(int(message_id), str(text))
        return {}
    if "block" in given:
        hand.blocks(bool(given["block"]))
        return {}
    raise CannotDo("no such act")


def _contact_of(hand: TelegramHand, given: Mapping[str, Any], telegram: Telegram) -> int:
    """Somebody else's contact: a person's id, or a bare number that has no account."""
    named = str(given["contact_of"])
    other: Person | None = telegram.people.get(named)
    if other is None and not named.startswith("+"):
        raise CannotDo("no such person")
    if given.get("forwarded") and other is not None:
        return hand.forwards_contact(other)
    return hand.shares_contact_of(
        other, phone=plus_and_digits(named), with_account=bool(given.get("with_account", True))
    )


def _send(hand: TelegramHand, kind: str) -> int:
    if kind == "photo":
        return hand.sends_photo()
    if kind == "sticker":
        return hand.sends_sticker()
    if kind == "voice":
        return hand.sends_voice()
    raise CannotDo("send is photo, sticker or voice")
