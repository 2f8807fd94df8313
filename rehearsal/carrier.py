"""The phone network, shaped like Twilio: messages out, status callbacks, messages in, TwiML answers."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from xml.etree import ElementTree

from aiohttp import ClientError, ClientSession, ClientTimeout

from rehearsal.chance import Chance
from rehearsal.errands import Errands
from rehearsal.faults import Faults
from rehearsal.people import People
from rehearsal.segments import segments
from rehearsal.signatures import sign

PATIENCE = ClientTimeout(total=15)  # seconds a webhook has, as at Twilio
API_VERSION = "2010-04-01"
UNDELIVERED = 30005  # unknown destination handset
FAILED = 30008  # unknown error
MAX_ALERTS = 100
MOST_REPLIES = 10  # messages in one TwiML answer


@dataclass(slots=True)
class Sms:
    """One message, either way."""

    sid: str
    sender: str
    to: str
    body: str
    direction: str  # outbound-api | outbound-reply | inbound
    status: str
    created: float  # Unix time
    updated: float
    callback: str = ""
    service: str = ""  # MessagingServiceSid
    error: int | None = None
    history: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Account:
    """The customer's account and where its messages go."""

    sid: str
    token: str
    number: str  # the number people write to
    inbound_url: str = ""


class Carrier:
    """Carries messages between the account and the handsets."""

    def __init__(
        self,
        account: Account,
        people: People,
        faults: Faults,
        errands: Errands,
        session: ClientSession,
        clock: Callable[[], float],
        rng: Chance,
        delay: float,
    ) -> None:
        self.account = account
        self.faults = faults
        self.messages: dict[str, Sms] = {}
        self.threads: dict[str, list[Sms]] = {}  # by the handset's number
        self.alerts: list[str] = []  # what Twilio's debugger would show: codes and URLs, never a body
        self._people = people
        self._errands = errands
        self._session = session
        self._clock = clock
        self._rng = rng
        self._delay = delay

    def accept(self, to: str, sender: str, body: str, callback: str = "", service: str = "") -> Sms:
        """Take a message for delivery; it is queued."""
        sms = self._new(sender, to, body, "outbound-api", "queued")
        sms.callback, sms.service = callback, service
        self._errands.run(self._carry(sms))
        return sms

    def send_from(self, phone: str, body: str, to: str = "") -> Sms:
        """A handset sends a text; it reaches the account's inbound URL."""
        sms = self._new(phone, to or self._answers_to(phone), body, "inbound", "received")
        self._show(phone, sms)
        self._errands.run(self._bring(sms))
        return sms

    def forge_from(self, phone: str, body: str, to: str = "") -> Sms:
        """A message that only claims to come from `phone`: the handset never sees it."""
        sms = self._new(phone, to or self.account.number, body, "inbound", "received")
        self._errands.run(self._bring(sms))
        return sms

    def thread(self, phone: str) -> list[Sms]:
        """The messages on a handset, oldest first."""
        return self.threads.get(phone, [])

    def _new(self, sender: str, to: str, body: str, direction: str, status: str) -> Sms:
        now = self._clock()
        sid = f"SM{self._rng.getrandbits(128):032x}"
        sms = Sms(sid, sender, to, body, direction, status, now, now, history=[status])
        self.messages[sid] = sms
        return sms

    def _answers_to(self, phone: str) -> str:
        """The number a person answers: where her newest message came from."""
        for sms in reversed(self.thread(phone)):
            if sms.direction != "inbound" and sms.sender.startswith("+"):
                return sms.sender
        return self.account.number

    def _show(self, phone: str, sms: Sms) -> None:
        self.threads.setdefault(phone, []).append(sms)
        for person in self._people.holding(phone):
            person.bell.ring()

    async def _carry(self, sms: Sms) -> None:
        await asyncio.sleep(self._delay)
        slow = self.faults.hit("delivery", "slow", sms.to)
        if slow is not None:
            await asyncio.sleep(slow.seconds)
        failed = self.faults.hit("delivery", "failed", sms.to)
        lost = self.faults.hit("delivery", "undelivered", sms.to)
        if failed is not None:
            steps = ["queued", "failed"]
            sms.error = failed.code or FAILED
        elif lost is not None or not self._people.holding(sms.to):
            steps = ["queued", "sent", "undelivered"]
            sms.error = (lost.code if lost is not None else 0) or UNDELIVERED
        else:
            steps = ["queued", "sent", "delivered"]
            self._show(sms.to, sms)
        silent = self.faults.hit("delivery", "silent", sms.to) is not None
        for status in steps:
            self._becomes(sms, status)
            if sms.callback and not silent:
                await self._report(sms, status)

    def _becomes(self, sms: Sms, status: str) -> None:
        if sms.history[-1] != status:
            sms.history.append(status)
        sms.status, sms.updated = status, self._clock()

    async def _report(self, sms: Sms, status: str) -> None:
        form = {
            "ApiVersion": API_VERSION,
            "AccountSid": self.account.sid,
            "From": sms.sender,
            "To": sms.to,
            "MessageSid": sms.sid,
            "SmsSid": sms.sid,
            "MessageStatus": status,
            "SmsStatus": status,
        }
        if sms.service:
            form["MessagingServiceSid"] = sms.service
        if sms.error is not None and status in ("failed", "undelivered"):
            form["ErrorCode"] = str(sms.error)
        twice = self.faults.hit("status", "duplicate", sms.to) is not None
        forged = self.faults.hit("status", "forged", sms.to) is not None
        for _ in range(2 if twice else 1):
            await self._post(sms.callback, form, forged)

    async def _bring(self, sms: Sms) -> None:
        """Hand an inbound message to the account, and its TwiML answer back to the handset."""
        url = self.account.inbound_url
        if not url:
            self._alert("no inbound URL is set")
            return
        slow = self.faults.hit("inbound", "slow", sms.sender)
        if slow is not None:
            await asyncio.sleep(slow.seconds)
        form = {
            "ToCountry": "KZ",
            "ToState": "",
            "ToCity": "",
            "ToZip": "",
            "FromCountry": "KZ",
            "FromState": "",
            "FromCity": "",
            "FromZip": "",
            "SmsMessageSid": sms.sid,
            "SmsSid": sms.sid,
            "MessageSid": sms.sid,
            "AccountSid": self.account.sid,
            "From": sms.sender,
            "To": sms.to,
            "Body": sms.body,
            "NumMedia": "0",
            "NumSegments": str(segments(sms.body)),
            "SmsStatus": "received",
            "ApiVersion": API_VERSION,
        }
        forged = self.faults.hit("inbound", "forged", sms.sender) is not None
        twice = self.faults.hit("inbound", "duplicate", sms.sender) is not None
        for _ in range(2 if twice else 1):
            answer = await self._post(url, form, forged)
            for text in self._spoken(answer):
                reply = self._new(sms.to, sms.sender, text, "outbound-reply", "queued")
                self._errands.run(self._carry(reply))

    async def _post(self, url: str, form: Mapping[str, str], forged: bool) -> str:
        """POST a signed form; the body of a 2xx answer, else nothing. A refused connection is tried twice."""
        token = f"not-{self.account.token}" if forged else self.account.token
        headers = {"X-Twilio-Signature": sign(url, form, token), "User-Agent": "TwilioProxy/1.1"}
        for _ in range(2):
            try:
                async with self._session.post(url, data=form, headers=headers, timeout=PATIENCE) as response:
                    text = await response.text()
                    if 200 <= response.status < 300:
                        return text
                    self._alert(f"11200 HTTP {response.status} from {url}")
                    return ""
            except TimeoutError:
                self._alert(f"11205 timeout at {url}")
                return ""
            except (ClientError, OSError):
                self._alert(f"11205 no connection to {url}")
                await asyncio.sleep(self._delay)
        return ""

    def _spoken(self, answer: str) -> list[str]:
        """The texts of a TwiML answer; a plain text is one message, as at Twilio."""
        if not answer.strip():
            return []
        if not answer.lstrip().startswith("<"):
            return [answer.strip()]
        try:
            root = ElementTree.fromstring(answer)  # noqa: S314 - the answer of the program under rehearsal
        except ElementTree.ParseError:
            self._alert("12100 document parse failure")
            return []
        texts = ["".join(message.itertext()).strip() for message in root.iter("Message")]
        if len(texts) > MOST_REPLIES:
            self._alert("14109 message reply limit exceeded")
        return [text for text in texts[:MOST_REPLIES] if text]

    def _alert(self, what: str) -> None:
        self.alerts = [*self.alerts, what][-MAX_ALERTS:]
