"""A person's hand on the Telegram app: what people do to a bot. Every act becomes an update."""

from typing import Any

from rehearsal.chats import Chat, Message, user_of
from rehearsal.people import Person
from rehearsal.telegram import Bot, Telegram


class CannotDo(ValueError):
    """The app offers no such thing on this screen."""


class TelegramHand:
    """One person with one bot open."""

    def __init__(self, telegram: Telegram, bot: Bot, person: Person) -> None:
        self.bot = bot
        self.person = person
        self.chat = telegram.private_chat(bot, person)
        self._telegram = telegram

    def says(self, text: str) -> int:
        """Send a text; the new message's id."""
        content: dict[str, Any] = {"text": text}
        if text.startswith("/"):
            length = len(text.split()[0])
            content["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
        return self._sends(content)

    def shares_contact(self) -> int:
        """Share the person's own number, as the contact button does."""
        return self._contact(self._card(self.person, with_account=True))

    def shares_contact_of(self, other: Person | None, *, phone: str = "", with_account: bool = True) -> int:
        """Send somebody else's contact: a person's, or a bare number without a Telegram account."""
        if other is None:
            return self._contact({"phone_number": phone.lstrip("+"), "first_name": "Contact"})
        return self._contact(self._card(other, with_account=with_account))

    def forwards_contact(self, other: Person) -> int:
        """Forward the message in which `other` shared their own contact."""
        origin = {"type": "user", "sender_user": user_of(other), "date": self._telegram.now()}
        return self._sends(
            {"contact": self._card(other, with_account=True), "forward_origin": origin},
        )

    def sends_photo(self) -> int:
        file = self._file("photo.jpg", "image/jpeg")
        return self._sends({"photo": [file | {"width": 90, "height": 90}]})

    def sends_sticker(self) -> int:
        file = self._file("sticker.webp", "image/webp")
        shape = {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False}
        return self._sends({"sticker": file | shape})

    def sends_voice(self) -> int:
        file = self._file("voice.ogg", "audio/ogg")
        return self._sends({"voice": file | {"duration": 2, "mime_type": "audio/ogg"}})

    def edits(self, message_id: int, text: str) -> None:
        """Change the text of an own message."""
        message = self.chat.messages.get(message_id)
        if message is None or message.from_bot or "text" not in message.content:
            raise CannotDo("only an own text message can be edited")
        message.content = {"text": text}
        message.edited = self._telegram.now()
        self.chat.ring()
        self._tell("edited_message", self.chat.as_message(message))

    def presses(self, message_id: int, button: str | int, *, stale: bool = False) -> str:
        """Press an inline button by its data, its text or its index; the callback query's id.

        `stale` presses data that no longer stands on the message, as a lagging app or a forger does.
        """
        message = self.chat.messages.get(message_id)
        if message is None or not message.from_bot:
            raise CannotDo("no such message")
        data = str(button) if stale else _data_of(message, button)
        query = self._telegram.ask(self.bot, self.chat)
        self._tell(
            "callback_query",
            {
                "id": query,
                "from": user_of(self.person),
                "message": self.chat.as_message(message),
                "chat_instance": str(self.chat.id),
                "data": data,
            },
        )
        return query

    def presses_key(self, label: str) -> int:
        """Press a key of the reply keyboard: it says its label, or shares the own contact."""
        keyboard = self.chat.keyboard or {"keyboard": []}
        key = next((k for row in keyboard["keyboard"] for k in row if k["text"] == label), None)
        if key is None:
            raise CannotDo("no such key")
        if keyboard.get("one_time_keyboard"):
            self.chat.keyboard = None
        return self.shares_contact() if key.get("request_contact") else self.says(label)

    def says_in(self, group: Chat, text: str) -> int:
        """Write in a group the bot is in."""
        message = group.add(Message(group.next_id(), user_of(self.person), self._telegram.now(), {"text": text}))
        group.ring()
        self._tell("message", group.as_message(message))
        return message.id

    def blocks(self, blocked: bool = True) -> None:
        """Stop the bot, or start it again; the bot is told and can send no more while blocked."""
        if self.chat.blocked == blocked:
            return
        self.chat.blocked = blocked
        self.chat.ring()
        member = {"status": "member", "user": self.bot.as_user()}
        kicked = {"status": "kicked", "user": self.bot.as_user(), "until_date": 0}
        self._tell(
            "my_chat_member",
            {
                "chat": self.chat.as_chat(),
                "from": user_of(self.person),
                "date": self._telegram.now(),
                "old_chat_member": member if blocked else kicked,
                "new_chat_member": kicked if blocked else member,
            },
        )

    def _contact(self, contact: dict[str, Any]) -> int:
        return self._sends({"contact": contact})

    def _card(self, person: Person, *, with_account: bool) -> dict[str, Any]:
        card: dict[str, Any] = {"phone_number": person.phone.lstrip("+"), "first_name": person.name}
        return card | ({"user_id": person.telegram_id} if with_account else {})

    def _file(self, name: str, kind: str) -> dict[str, Any]:
        stored = self._telegram.store(name, kind, b"\x00")
        return {"file_id": stored.id, "file_unique_id": f"U{stored.id[-8:]}", "file_size": 1}

    def _sends(self, content: dict[str, Any]) -> int:
        message = self.chat.add(Message(self.chat.next_id(), user_of(self.person), self._telegram.now(), content))
        self.chat.ring()
        self._tell("message", self.chat.as_message(message))
        return message.id

    def _tell(self, kind: str, payload: dict[str, Any]) -> None:
        if self.chat.blocked and kind != "my_chat_member":
            self.blocks(False)  # writing to a blocked bot unblocks it
        self.bot.queue.put(self.person.telegram_id, kind, payload)


def _data_of(message: Message, button: str | int) -> str:
    buttons = [b for row in (message.markup or {}).get("inline_keyboard", []) for b in row]
    if isinstance(button, int):
        found = buttons[button] if 0 <= button < len(buttons) else None
    else:
        found = next((b for b in buttons if button in (b.get("callback_data"), b["text"])), None)
    if found is None or "callback_data" not in found:
        raise CannotDo("no such button on this message")
    return str(found["callback_data"])
