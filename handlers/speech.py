"""What passes between a door and the conversation: an Incoming in, Replies out. A reply is born of its message."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Literal

Channel = Literal["telegram", "sms"]
Language = Literal["kk", "ru", "en"]


@dataclass(frozen=True, slots=True)
class Address:
    """Where somebody is met. `sender` and `chat` are Telegram ids as text, or the phone in E.164 for both by SMS.

    `door` names the bot (its numeric id) or our SMS number. Nobody types an address: it is copied from a message.
    """

    channel: Channel
    sender: str
    chat: str
    door: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact as shared. `own` is true only if the platform proves it to be the sender's: private chat, same user id,
    not forwarded, not by way of a bot. `digits` is untouched."""

    digits: str
    own: bool


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message of one person, free of any platform.

    `id` is unique at its door, so that a repeated delivery is recognised. `press` is the payload of a button, and
    `screen` the message it hangs on. `other` is true for anything that is neither text, press nor contact (photo,
    sticker, voice, an edited message): it gets the sentence that repeats what is awaited. `claimed_phone` is E.164
    where the door itself shows the sender's number (SMS); it is a claim, not a proof.
    """

    id: str
    address: Address
    text: str = ""
    press: str = ""
    screen: str = ""
    contact: Contact | None = None
    other: bool = False
    private: bool = True
    language_hint: str = ""
    claimed_phone: str = ""
    options_a_screen: int = 0
    """How many options one screen of this door carries well; 0: as many as there are (the door splits the text)."""

    def reply(self, text: str, **parts: object) -> "Reply":
        """A reply to this message; addressing cannot be overridden."""
        return Reply(address=self.address, screen=self.screen, text=text, **parts)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Option:
    """One of several numbered things to choose. By SMS `number. label`, in Telegram a button on a line of its own.

    `number` is what a person may type instead of pressing; it is shown by SMS and where `Reply.numbered`.
    """

    number: int
    label: str
    payload: str
    ticked: bool = False


@dataclass(frozen=True, slots=True)
class Action:
    """Something to do with the screen. In Telegram a button with `label`; by SMS `word`, if given, is what to type.

    With `link` the button opens that address, and has no payload.
    """

    label: str
    payload: str = ""
    word: str = ""
    row: int = 0
    """Actions with the same row stand side by side in Telegram."""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """One screen for one person. Made by `Incoming.reply` only.

    A door shows `heading` (bold where it can), `text`, then options and actions. If the message answered was a press,
    the pressed screen is replaced (`screen` names it) unless `fresh`. `toast` is a short notice at a press where the
    door has such a thing; with an empty `text` it is the whole reply (and a door without toasts sends it as a text).
    `ask_contact`: label of the button that shares one's own number; `drop_contact`: take that button away.
    """

    address: Address
    text: str
    screen: str = ""
    heading: str = ""
    options: tuple[Option, ...] = ()
    numbered: bool = False
    """Show the numbers of the options in Telegram too, because the text speaks of them."""
    actions: tuple[Action, ...] = ()
    footer: str = ""
    """Text after the options: what to answer, by SMS; below the text in Telegram."""
    toast: str = ""
    ask_contact: str = ""
    drop_contact: bool = False
    fresh: bool = False
    picture: bytes = b""
    """A PNG above the text, for a door that shows pictures. Such a reply is a message of its own."""
    renewed: "Callable[[], Awaitable[Reply | None]] | None" = None
    """The same screen as it is some seconds later; None once it stays as it is. A door that can change what it has
    shown goes on with it by itself for a while, so the screen has a button that asks for the same."""
    menu_language: Language | None = None
    """Set when the member's language became known or changed: the door shows its command menu in it."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command of the menu: its name after the slash and its description in one language."""

    name: str
    description: str


@dataclass(frozen=True, slots=True)
class Menu:
    """The commands menu in one language."""

    language: Language
    commands: tuple[Command, ...] = field(default_factory=tuple)
