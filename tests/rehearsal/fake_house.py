"""A small voting bot as the design's section 10 describes it, for trying the rehearsal: it keeps no rule of secrecy."""

import asyncio
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape

from aiohttp import ClientSession, web

from rehearsal.box import Box

WORDS = {
    "en": ("Share my number", "Cast my vote", "Change", "Next", "Your receipt", "YES"),
    "ru": ("Отправить мой номер", "Проголосовать", "Изменить", "Далее", "Контрольный код", "ДА"),
    "kk": ("Нөмірімді жіберу", "Дауыс беру", "Өзгерту", "Келесі", "Бақылау коды", "ИӘ"),
}
BY_WORD = {"VOTE": "en", "ГОЛОС": "ru", "ДАУЫС": "kk"}


@dataclass(frozen=True)
class Contest:
    title: str
    candidates: list[str]
    choose: int = 1


@dataclass
class Talk:
    phone: str = ""
    language: str = "ru"
    code: str = ""
    proved: bool = False
    contest: int = 0
    marks: dict[int, list[int]] = field(default_factory=dict)
    screen: int = 0


class FakeHouse:
    """Polls the box's Bot API and answers its carrier. `ballots` is what was cast, by phone."""

    def __init__(self, box: Box, contests: list[Contest], *, deaf_to: frozenset[str] = frozenset()) -> None:
        self.ballots: dict[str, dict[int, list[int]]] = {}
        self.channels: dict[str, str] = {}
        self._box = box
        self._contests = contests
        self._deaf_to = deaf_to
        self._talks: dict[str, Talk] = {}
        self._codes = 100_000

    async def __aenter__(self) -> "FakeHouse":
        app = web.Application()
        app.add_routes([web.post("/sms/inbound", self._inbound)])
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self._box.carrier.account.inbound_url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/sms/inbound"
        self._session = ClientSession()
        self._polling = asyncio.ensure_future(self._poll())
        return self

    async def __aexit__(self, *exc: object) -> None:
        self._polling.cancel()
        await asyncio.gather(self._polling, return_exceptions=True)
        await self._session.close()
        await self._runner.cleanup()

    async def call(self, method: str, **params: Any) -> Any:
        async with self._session.post(f"{self._box.url}/bot{self._box.token}/{method}", json=params) as answer:
            body = await answer.json()
        return body.get("result")

    async def _poll(self) -> None:
        offset = 0
        while True:
            for update in await self.call("getUpdates", offset=offset, timeout=20) or []:
                offset = update["update_id"] + 1
                await self._hear(update)

    async def _hear(self, update: dict[str, Any]) -> None:
        query = update.get("callback_query")
        message = query["message"] if query else update.get("message")
        if message is None:
            return
        chat = message["chat"]["id"]
        talk = self._talks.setdefault(str(chat), Talk())
        if query:
            talk.screen = message["message_id"]
            await self.call(
                "answerCallbackQuery", callback_query_id=query["id"], text=self._pressed(talk, query["data"])
            )
            return await self._show(chat, talk, edit=True)
        contact = message.get("contact")
        if contact:
            if contact.get("user_id") == message["from"]["id"]:
                talk.phone = "+" + contact["phone_number"]
                await self._send_code(talk)
                await self.call("sendMessage", chat_id=chat, text="Code?", reply_markup={"remove_keyboard": True})
            return
        if message.get("text") == "/start":
            languages = [
                [{"text": name, "callback_data": f"l{code}"}]
                for code, name in (("kk", "Қазақша"), ("ru", "Русский"), ("en", "English"))
            ]
            await self.call("sendMessage", chat_id=chat, text="?", reply_markup={"inline_keyboard": languages})
        elif message.get("text") == talk.code and talk.code:
            talk.proved = True
            await self._show(chat, talk, edit=False)

    def _pressed(self, talk: Talk, data: str) -> str:
        kind, value = data[0], data[1:]
        marks = talk.marks.setdefault(talk.contest, [])
        if kind == "l":
            talk.language = value
        elif kind == "p":
            talk.marks[talk.contest] = [int(value)]
            talk.contest += 1
        elif kind == "t":
            if len(marks) >= self._contests[talk.contest].choose:
                return "Too many"
            marks.append(int(value))
        elif kind == "u":
            marks.remove(int(value))
        elif kind == "n":
            talk.contest += 1
        elif kind == "c":
            self.ballots[talk.phone] = {contest: marks for contest, marks in talk.marks.items() if marks}
            self.channels[talk.phone] = "telegram"
            talk.contest += 1
        return ""

    async def _show(self, chat: int, talk: Talk, *, edit: bool) -> None:
        share, cast, change, further, receipt, _ = WORDS[talk.language]
        if not talk.proved:
            keyboard = {"keyboard": [[{"text": share, "request_contact": True}]], "one_time_keyboard": True}
            await self.call("sendMessage", chat_id=chat, text="Number?", reply_markup=keyboard)
            return
        rows: list[list[dict[str, str]]] = []
        if talk.contest < len(self._contests):
            contest = self._contests[talk.contest]
            marks = talk.marks.get(talk.contest, [])
            text = f"{contest.title}\nup to {contest.choose}"
            for index, name in enumerate(contest.candidates):
                kind = "p" if contest.choose == 1 else "u" if index in marks else "t"
                tick = "✓ " if index in marks and contest.choose > 1 else ""
                rows.append([{"text": tick + name, "callback_data": f"{kind}{index}"}])
            if contest.choose > 1:
                rows.append([{"text": further, "callback_data": "n"}])
        elif talk.contest == len(self._contests):
            text = "Review"
            rows = [[{"text": cast, "callback_data": "c"}], [{"text": change, "callback_data": "x"}]]
        else:
            text = f"{receipt}: AB12-CD34"
        method = "editMessageText" if edit else "sendMessage"
        place = {"message_id": talk.screen} if edit else {}
        await self.call(method, chat_id=chat, text=text, reply_markup={"inline_keyboard": rows}, **place)

    async def _send_code(self, talk: Talk) -> None:
        if talk.phone in self._deaf_to:
            return
        self._codes += 1
        talk.code = str(self._codes)
        self._box.carrier.accept(talk.phone, self._box.carrier.account.number, f"Dauys: {talk.code}. Tell nobody.")

    async def _inbound(self, request: web.Request) -> web.Response:
        form = await request.post()
        phone, body = str(form["From"]), str(form["Body"])
        talk = self._talks.setdefault(phone, Talk(phone=phone))
        said = self._hear_sms(talk, body)
        messages = "".join(f"<Message>{escape(text)}</Message>" for text in said)
        return web.Response(text=f"<Response>{messages}</Response>", content_type="text/xml")

    def _hear_sms(self, talk: Talk, body: str) -> list[str]:
        if body in BY_WORD:
            talk.language = BY_WORD[body]
            self._codes += 1
            talk.code = f"{self._codes:08d}"
            return self._numbered(talk, f"Code {talk.code[:4]} {talk.code[4:]}")
        if talk.contest < len(self._contests):
            digits = body.split()
            if not talk.proved and digits[:1] == [talk.code]:
                talk.proved, digits = True, digits[1:]
            if not talk.proved:
                return ["Code and number, please"]
            talk.marks[talk.contest] = [int(number) - 1 for number in digits]
            talk.contest += 1
            return self._numbered(talk, "")
        if body == WORDS[talk.language][5]:
            self.ballots[talk.phone] = dict(talk.marks)
            self.channels[talk.phone] = "sms"
            return [f"{WORDS[talk.language][4]}: AB12-CD34"]
        return ["YES / NO"]

    def _numbered(self, talk: Talk, footer: str) -> list[str]:
        """In two parts, as a long ballot goes."""
        if talk.contest >= len(self._contests):
            return [f"Review\n{WORDS[talk.language][5]} - {WORDS[talk.language][1]}"]
        contest = self._contests[talk.contest]
        lines = [f"{n} {name}" for n, name in enumerate(contest.candidates, 1)]
        half = (len(lines) + 1) // 2
        first = "\n".join([f"{contest.title} (1/2)", f"up to {contest.choose}", *lines[:half]])
        return [first, "\n".join([f"{contest.title} (2/2)", *lines[half:], footer])]
