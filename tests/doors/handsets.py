"""Two handsets that hold nothing but what the real doors drew: a Telegram chat and a plain phone."""

from dataclasses import dataclass, field
from itertools import count

from aiogram.types import Update

from bot.calls import EditMessageText, InlineKeyboardMarkup, ReplyKeyboardMarkup, SendMessage
from bot.incoming import incoming_from, press_id
from bot.screens import drawn
from handlers.speech import Address, Incoming
from sms_gateway.numbered import conversation
from tests.voters import START, Booth

BOT = 42
_numbers = count(1000)


@dataclass
class Shown:
    """One message of the chat as it stands after its last edit."""

    text: str
    buttons: dict[str, str] = field(default_factory=dict)
    asks_contact: bool = False


@dataclass
class Chat:
    """A member's Telegram. `spent` counts what costs Telegram's pace: messages sent and messages edited."""

    booth: Booth
    number: int
    language: str
    messages: dict[int, Shown] = field(default_factory=dict)
    spent: int = 0
    toast: str = ""

    @property
    def user(self) -> dict[str, object]:
        return {"id": 5000 + self.number, "is_bot": False, "first_name": "A", "language_code": self.language}

    @property
    def phone(self) -> str:
        return f"+7701{self.number:07d}"

    async def types(self, text: str) -> None:
        await self.sends({"message": self.message(text=text)})

    async def shares_contact(self) -> None:
        assert self.newest.asks_contact, "there is no button that shares the number"
        contact = {"phone_number": self.phone, "first_name": "A", "user_id": 5000 + self.number}
        await self.sends({"message": self.message(contact=contact)})

    async def presses(self, label: str) -> None:
        """Press the button, on the newest message that has it."""
        number, screen = max((place, shown) for place, shown in self.messages.items() if label in shown.buttons)
        press = {"id": "9", "from": self.user, "chat_instance": "1", "data": screen.buttons[label]}
        await self.sends({"callback_query": press | {"message": self.message(message_id=number, text=screen.text)}})

    async def arrives(self) -> None:
        """From nothing to the first contest."""
        await self.types("/start")
        await self.shares_contact()
        letter = (await self.booth.letters(self.phone))[-1]
        await self.types("".join(sign for sign in letter if sign.isdigit()))

    async def answers(self, number: int, name: str) -> None:
        await self.presses(name)

    async def answers_nonsense(self) -> None:
        await self.types("99")

    async def agrees(self, word: str, label: str) -> None:
        await self.presses(label)

    @property
    def newest(self) -> Shown:
        return self.messages[max(self.messages)]

    def reads(self) -> str:
        """What stands on the newest screen, buttons and all."""
        return "\n".join([self.newest.text, *self.newest.buttons])

    async def sends(self, parts: dict[str, object]) -> bool:
        """Any update at all; whether it reached the desk."""
        update = Update.model_validate({"update_id": next(_numbers)} | parts)
        incoming = incoming_from(update, BOT)
        if incoming is None:
            return False
        replies = await self.booth.desk.hear(incoming)
        drawing = drawn(replies, press_id(update))
        self.toast = (drawing.acknowledgement.text or "") if drawing.acknowledgement else ""
        for call in drawing.messages:
            self._take(call)
        await self.booth.desk.answered(incoming)
        return True

    def _take(self, call: SendMessage | EditMessageText) -> None:
        self.spent += 1
        shown = Shown(call.text or "")
        if isinstance(call.reply_markup, InlineKeyboardMarkup):
            for row in call.reply_markup.inline_keyboard:
                shown.buttons |= {button.text: button.callback_data or "" for button in row}
        shown.asks_contact = isinstance(call.reply_markup, ReplyKeyboardMarkup)
        number = call.message_id if isinstance(call, EditMessageText) else next(_numbers)
        self.messages[number or 0] = shown

    def message(self, **parts: object) -> dict[str, object]:
        """A message of this member as the Bot API shows it, in her private chat unless `chat` says otherwise."""
        chat = {"id": 5000 + self.number, "type": "private", "first_name": "A"}
        sent = {"message_id": next(_numbers), "date": int(START.timestamp())}
        return {**sent, "chat": chat, "from": self.user, **parts}


@dataclass
class Phone:
    """A member's plain phone. `segments` are the texts of the newest answer."""

    booth: Booth
    number: int
    start: str
    texts: list[str] = field(default_factory=list)
    code: str = ""

    @property
    def phone(self) -> str:
        return f"+7701{self.number:07d}"

    async def types(self, text: str) -> None:
        incoming = Incoming(
            id=f"SM{next(_numbers)}",
            address=Address("sms", self.phone, self.phone, "+77000000000"),
            text=text,
            claimed_phone=self.phone,
        )
        self.texts = conversation(await self.booth.desk.hear(incoming))
        await self.booth.desk.answered(incoming)

    async def arrives(self) -> None:
        """From nothing to the first contest; the code is kept for the first answer."""
        await self.types(self.start)
        self.code = next(word for word in self.reads().split() if len(word) == 8 and word.isdigit())

    async def answers(self, number: int, name: str) -> None:
        await self.types(f"{self.code} {number}".strip())
        self.code = ""

    async def answers_nonsense(self) -> None:
        await self.answers(99, "")

    async def agrees(self, word: str, label: str) -> None:
        await self.types(word)

    def reads(self) -> str:
        """The whole of the newest answer."""
        return "\n".join(self.texts)


Handset = Chat | Phone
