"""One message being answered: who, where in the conversation, when, and all that a talk needs to answer it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol
from zoneinfo import ZoneInfo

from election.books import BookKeeping
from election.codes import DIGITS_ALONE, DIGITS_WITH_CONTACT
from election.commission import Commission
from election.complaint_desk import ComplaintDesk
from election.definition import Officer
from election.paper_work import PaperWork
from election.ports import Ledger
from election.radar.desk import RadarDesk
from election.repairs import Repairs
from election.sign_in import Asker, SignIn
from election.staff_sign_in import StaffSignIn
from election.standing import Standing
from election.station import Station
from handlers.announcing import Announcer
from handlers.doors import Doors
from handlers.phrases import Phrase
from handlers.session import Session
from handlers.speech import Incoming, Language, Reply
from handlers.texts import Texts


class PhoneKeys(Protocol):
    """The keyed name of a phone, under which it is known everywhere but on the roll."""

    def phone_key(self, e164: str) -> bytes:
        """The key of this phone."""


@dataclass(frozen=True, slots=True)
class House:
    """What the conversation is given: the rules, and the words."""

    station: Station
    sign_in: SignIn
    ledger: Ledger
    phones: PhoneKeys
    texts: Texts
    doors: Doors
    books: BookKeeping
    commission: Commission
    repairs: Repairs
    staff: StaffSignIn
    announcer: Announcer
    paper: PaperWork
    radar: RadarDesk
    complaints: ComplaintDesk


@dataclass(slots=True)
class Visit:
    """One message and its answer. Talks change `session`; the desk keeps it. `order`: what an officer's button orders
    of the work that is on."""

    house: House
    incoming: Incoming
    phrase: Phrase
    session: Session
    standing: Standing
    now: datetime
    order: list[str] = field(default_factory=list)

    @property
    def officer(self) -> Officer | None:
        """The officer who works in this chat, as the election's file has her now."""
        session = self.session
        if self.by_sms or not session.officer or self.now.timestamp() >= session.officer_until:
            return None
        officers = self.standing.definition.commission.officers
        return next((officer for officer in officers if officer.name == session.officer), None)

    @property
    def press(self) -> str:
        """What the pressed button means, or empty if nothing was pressed or the button is of another screen."""
        where, _, key = self.incoming.press.rpartition(".")
        return key if where == f"{tag(self.standing)}.{self.session.stamp:x}" else ""

    @property
    def language(self) -> Language:
        """The member's language; Russian, understood by most, until one is known."""
        return self.session.language or "ru"

    @property
    def by_sms(self) -> bool:
        """Whether the sender's number is shown by the door itself, and so is claimed but not proved."""
        return bool(self.incoming.claimed_phone)

    @property
    def door(self) -> Literal["sms", "chat"]:
        """Which words fit: buttons to press, or words to send."""
        return "sms" if self.by_sms else "chat"

    @property
    def proved(self) -> bool:
        """Whether this chat has proved to be the member's: bound to her, or a code typed not long ago by SMS, and at
        either door where a vote that stands is to be replaced or taken out."""
        if not self.session.member:
            return False
        if not self.by_sms and self.session.purpose == "sign-in":
            return True
        return self.now.timestamp() < self.session.proved_until

    @property
    def asker(self) -> Asker:
        """This chat, as sign-in knows it. A phone never leaves here whole."""
        address = self.incoming.address
        if not self.by_sms:
            return Asker("telegram", address.sender, address.chat, address.door)
        key = self.house.phones.phone_key(self.incoming.claimed_phone).hex()
        return Asker("sms", key, key)

    @property
    def code_digits(self) -> int:
        """How long a code is in this chat: longer where it stands alone."""
        assured = not self.by_sms and self.standing.definition.policy.assurance == "contact+code"
        return DIGITS_WITH_CONTACT if assured else DIGITS_ALONE

    @property
    def title(self) -> str:
        """The election's title in the member's language."""
        return self.standing.definition.title.said(self.language)

    def text(self, key: str, **arguments: str | int) -> str:
        """A text in the member's language; the variant `key-sms` or `key-chat` if the doors need different words."""
        return self.house.texts.said(self.language, key, **arguments)

    def here(self, key: str, **arguments: str | int) -> str:
        """A text that names what to do at this door: buttons in the chat, words by SMS. The rule is the same."""
        return self.text(f"{key}-{self.door}", **arguments)

    def say(self, key: str, **arguments: str | int) -> Reply:
        """A reply of one text and nothing else, as a message of its own."""
        return self.incoming.reply(self.text(key, **arguments), fresh=True)

    def hour(self, moment: datetime) -> str:
        """A moment in the election's time zone, the same in all languages: `14:03 01.12`."""
        return moment.astimezone(ZoneInfo(self.standing.definition.timezone)).strftime("%H:%M %d.%m")

    def payload(self, key: str) -> str:
        """A button's payload: the election, the screen, and what it means."""
        return f"{tag(self.standing)}.{self.session.stamp:x}.{key}"


def tag(standing: Standing) -> str:
    """Four signs that tell one election's buttons from another's."""
    return standing.record.digest[:4] or "0000"
