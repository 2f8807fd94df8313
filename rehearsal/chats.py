"""Chats as they stand: messages, edited in place, and the keyboard under them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from rehearsal.people import Person

HISTORY = 500  # messages a chat keeps
TOASTS = 20


@dataclass(slots=True)
class Message:
    """One message. `content` holds text, entities, photo … under the Bot API's names."""

    id: int
    sender: dict[str, Any] | None  # a User; None for a channel's post
    date: int
    content: dict[str, Any]
    from_bot: bool = False
    markup: dict[str, Any] | None = None  # inline buttons
    fixed: bool = False  # sent with a reply keyboard: Telegram never lets it be edited
    edited: int | None = None


@dataclass(slots=True)
class Counts:
    """What a bot did in a chat, for assertions about its thrift."""

    sent: int = 0
    edited: int = 0
    deleted: int = 0
    answered: int = 0

    def as_json(self) -> dict[str, int]:
        return {
            "sent": self.sent,
            "edited": self.edited,
            "deleted": self.deleted,
            "answered": self.answered,
        }


@dataclass(slots=True)
class Chat:
    """One chat of one bot: with a person, or a group or channel it posts to."""

    id: int
    kind: str  # private | group | supergroup | channel
    title: str = ""
    username: str = ""
    person: Person | None = None  # private chats only
    members: list[Person] = field(default_factory=list)  # groups and channels
    messages: dict[int, Message] = field(default_factory=dict)
    keyboard: dict[str, Any] | None = None
    toasts: list[dict[str, Any]] = field(default_factory=list)
    counts: Counts = field(default_factory=Counts)
    blocked: bool = False
    typing: bool = False
    last_id: int = 0

    def add(self, message: Message) -> Message:
        self.messages[message.id] = message
        while len(self.messages) > HISTORY:
            del self.messages[next(iter(self.messages))]
        return message

    def next_id(self) -> int:
        self.last_id += 1
        return self.last_id

    def toast(self, toast: dict[str, Any]) -> None:
        self.toasts = [*self.toasts, toast][-TOASTS:]

    def watchers(self) -> Iterator[Person]:
        """Whose screens show this chat."""
        if self.person is not None:
            yield self.person
        yield from self.members

    def ring(self) -> None:
        for person in self.watchers():
            person.bell.ring()

    def as_chat(self) -> dict[str, Any]:
        """The Bot API's Chat."""
        if self.person is not None:
            return {"id": self.id, "type": "private", "first_name": self.person.name}
        chat: dict[str, Any] = {"id": self.id, "type": self.kind, "title": self.title}
        return chat | ({"username": self.username} if self.username else {})

    def as_message(self, message: Message) -> dict[str, Any]:
        """The Bot API's Message."""
        body: dict[str, Any] = {"message_id": message.id, "date": message.date, "chat": self.as_chat()}
        if message.sender is not None:
            body["from"] = message.sender
        else:
            body["sender_chat"] = self.as_chat()
        if message.edited is not None:
            body["edit_date"] = message.edited
        if message.markup is not None:
            body["reply_markup"] = message.markup
        return body | message.content


def user_of(person: Person) -> dict[str, Any]:
    """The Bot API's User for a person."""
    return {
        "id": person.telegram_id,
        "is_bot": False,
        "first_name": person.name,
        "language_code": person.language,
    }
