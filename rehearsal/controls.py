"""The controls over HTTP: faults and pace, the carrier's account, groups and channels, the scoreboard."""

from aiohttp import web

from rehearsal.answers import NotFound, an_object, body_of, each, told
from rehearsal.box import Box
from rehearsal.chats import Chat
from rehearsal.faults import fault_from
from rehearsal.people import Person
from rehearsal.screens import message_line


class Controls:
    """What a test or a demo turns behind the scenes."""

    def __init__(self, box: Box) -> None:
        self._box = box

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/state", told(self.state)),
            web.post("/state", told(self.set_state)),
            web.get("/faults", told(self.faults)),
            web.post("/faults", told(self.add_faults)),
            web.delete("/faults", told(self.clear_faults)),
            web.post("/pace", told(self.set_pace)),
            web.get("/carrier", told(self.carrier)),
            web.post("/carrier", told(self.set_carrier)),
            web.get("/bots", told(self.bots)),
            web.get("/chats", told(self.chats)),
            web.post("/chats", told(self.add_chat)),
            web.get("/chats/{id}", told(self.chat)),
        ]

    async def state(self, request: web.Request) -> web.Response:
        return web.json_response(self._box.scoreboard.as_json())

    async def set_state(self, request: web.Request) -> web.Response:
        self._box.scoreboard.show(an_object(await body_of(request)))
        return await self.state(request)

    async def faults(self, request: web.Request) -> web.Response:
        return web.json_response({"faults": self._box.faults.standing()})

    async def add_faults(self, request: web.Request) -> web.Response:
        for fault in [fault_from(record) for record in each(await body_of(request))]:
            self._box.faults.add(fault)
        return await self.faults(request)

    async def clear_faults(self, request: web.Request) -> web.Response:
        self._box.faults.clear()
        return await self.faults(request)

    async def set_pace(self, request: web.Request) -> web.Response:
        given, pace = an_object(await body_of(request)), self._box.telegram.pace
        pace.limit(float(given.get("bot", 0)), float(given.get("chat", 0)))
        return web.json_response({"bot": pace.bot_rate, "chat": pace.chat_rate})

    async def carrier(self, request: web.Request) -> web.Response:
        carrier = self._box.carrier
        return web.json_response(
            {
                "account_sid": carrier.account.sid,
                "auth_token": carrier.account.token,
                "number": carrier.account.number,
                "inbound_url": carrier.account.inbound_url,
                "messages": len(carrier.messages),
                "alerts": carrier.alerts,
            }
        )

    async def set_carrier(self, request: web.Request) -> web.Response:
        given, account = an_object(await body_of(request)), self._box.carrier.account
        account.sid = str(given.get("account_sid", account.sid))
        account.token = str(given.get("auth_token", account.token))
        account.number = str(given.get("number", account.number))
        account.inbound_url = str(given.get("inbound_url", account.inbound_url))
        return await self.carrier(request)

    async def bots(self, request: web.Request) -> web.Response:
        bots = self._box.telegram.bots.values()
        return web.json_response({"bots": [b.as_user() | {"pending": len(b.queue.pending)} for b in bots]})

    async def chats(self, request: web.Request) -> web.Response:
        return web.json_response({"chats": [c.as_chat() for c in self._box.telegram.shared.values()]})

    async def add_chat(self, request: web.Request) -> web.Response:
        given = an_object(await body_of(request))
        chat = self._box.telegram.add_shared(
            str(given.get("kind", "group")),
            str(given.get("title", "")),
            str(given.get("username", "")),
            [self._person(str(id)) for id in given.get("members", [])],
        )
        return web.json_response(chat.as_chat(), status=201)

    async def chat(self, request: web.Request) -> web.Response:
        chat = self._shared(request.match_info["id"])
        return web.json_response(
            {
                "chat": chat.as_chat(),
                "messages": [message_line(chat, message, None) for message in chat.messages.values()],
                "counts": chat.counts.as_json(),
            }
        )

    def _person(self, id: str) -> Person:
        person = self._box.people.get(id)
        if person is None:
            raise NotFound("no such person")
        return person

    def _shared(self, id: str) -> Chat:
        for chat in self._box.telegram.shared.values():
            if id.removeprefix("@") in (str(chat.id), chat.username):
                return chat
        raise NotFound("no such chat")
