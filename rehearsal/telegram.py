"""The Telegram network: bots by token, their chats, the files in them."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import ClientSession

from rehearsal.chats import Chat, Message
from rehearsal.errands import Errands
from rehearsal.faults import Faults
from rehearsal.pace import Pace
from rehearsal.people import People, Person
from rehearsal.refusals import Refused, bad_request
from rehearsal.updates import UpdateQueue
from rehearsal.webhook_push import WebhookPush

TOKEN = re.compile(r"\d{1,15}:[A-Za-z0-9_-]{3,100}")
FIRST_GROUP = -1_001_000_000_000


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that went through the network."""

    id: str
    name: str
    kind: str
    body: bytes


@dataclass(slots=True)
class Query:
    """A pressed button that waits for its answer."""

    chat: Chat
    answered: bool = False


@dataclass(slots=True)
class Bot:
    """One bot, known by its token."""

    token: str
    id: int
    name: str
    username: str
    queue: UpdateQueue
    push: WebhookPush
    chats: dict[int, Chat] = field(default_factory=dict)  # private ones, by the person's Telegram id
    commands: dict[tuple[str, str], list[dict[str, str]]] = field(default_factory=dict)
    descriptions: dict[tuple[str, str], str] = field(default_factory=dict)
    menu_button: dict[str, Any] = field(default_factory=lambda: {"type": "default"})
    queries: dict[str, Query] = field(default_factory=dict)

    def as_user(self) -> dict[str, Any]:
        """The Bot API's User for the bot."""
        return {"id": self.id, "is_bot": True, "first_name": self.name, "username": self.username}


class Telegram:
    """Everything between bots and people."""

    def __init__(
        self,
        people: People,
        faults: Faults,
        errands: Errands,
        session: ClientSession,
        clock: Callable[[], float],
        tokens: tuple[str, ...] = (),
    ) -> None:
        self.people = people
        self.faults = faults
        self.pace = Pace(clock)
        self.shared: dict[int, Chat] = {}  # groups and channels
        self.bots: dict[str, Bot] = {}
        self.files: dict[str, StoredFile] = {}
        self._errands = errands
        self._session = session
        self._clock = clock
        self._only = frozenset(tokens)
        self._queries = 0
        for token in tokens:
            self.bot(token)

    def now(self) -> int:
        """Unix time in whole seconds."""
        return int(self._clock())

    def bot(self, token: str) -> Bot:
        """The bot of a token; any well-formed token makes one unless a list was given (Refused 401)."""
        if token in self.bots:
            return self.bots[token]
        if not TOKEN.fullmatch(token) or (self._only and token not in self._only):
            raise Refused(401, "Unauthorized")
        id = int(token.partition(":")[0])
        queue = UpdateQueue(self._errands, self.faults, first_id=id % 1000 * 1_000_000)
        push = WebhookPush(queue, self._errands, self._session, self._clock)
        bot = Bot(token, id, "Rehearsal bot", f"rehearsal_{id}_bot", queue, push)
        self.bots[token] = bot
        return bot

    def bot_named(self, name: str = "") -> Bot | None:
        """A bot by username or id; the first there is where no name is given."""
        for bot in self.bots.values():
            if not name or name in (bot.username, str(bot.id)):
                return bot
        return None

    def private_chat(self, bot: Bot, person: Person) -> Chat:
        """The chat of a person with a bot; it begins here where there was none."""
        chat = bot.chats.get(person.telegram_id)
        if chat is None:
            chat = Chat(person.telegram_id, "private", person=person)
            bot.chats[person.telegram_id] = chat
        return chat

    def add_shared(self, kind: str, title: str, username: str, members: list[Person]) -> Chat:
        """A new group, supergroup or channel."""
        if kind not in ("group", "supergroup", "channel"):
            raise ValueError("kind is group, supergroup or channel")
        chat = Chat(FIRST_GROUP - len(self.shared) - 1, kind, title, username.lstrip("@"), members=members)
        self.shared[chat.id] = chat
        return chat

    def chat(self, bot: Bot, given: str) -> Chat:
        """The chat a bot means by chat_id: a number or @username. Refused where the bot cannot reach it."""
        if not given:
            raise bad_request("chat_id is empty")
        if given.startswith("@"):
            name = given[1:].casefold()
            found = next((c for c in self.shared.values() if c.username.casefold() == name), None)
        else:
            id = int(given) if re.fullmatch(r"-?\d{1,19}", given) else 0
            found = self.shared.get(id) or bot.chats.get(id)
        if found is None:
            raise bad_request("chat not found")
        if found.blocked:
            raise Refused(403, "Forbidden: bot was blocked by the user")
        return found

    def message(self, chat: Chat, id: int, doing: str) -> Message:
        """A message of a chat, or Refused in the words Telegram uses for what was being done."""
        message = chat.messages.get(id)
        if message is None:
            raise bad_request(f"message to {doing} not found")
        return message

    def store(self, name: str, kind: str, body: bytes) -> StoredFile:
        """Keep a file and name it."""
        file = StoredFile(f"AgACAgIAAxkBAA{len(self.files) + 1:08d}", name, kind, body)
        self.files[file.id] = file
        return file

    def ask(self, bot: Bot, chat: Chat) -> str:
        """A new callback query's id."""
        self._queries += 1
        id = str(4_000_000_000_000_000_000 + self._queries)
        bot.queries[id] = Query(chat)
        return id
