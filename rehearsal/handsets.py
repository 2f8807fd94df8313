"""The handsets over HTTP: what the page, the crowd and tests press from outside. See README.md."""

import contextlib
import json
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from rehearsal.acts import act
from rehearsal.answers import NotFound, an_object, body_of, each, told
from rehearsal.box import Box
from rehearsal.clients import TelegramHand
from rehearsal.people import Person, add_all
from rehearsal.screens import screen, sms_line
from rehearsal.telegram import Bot

LONGEST_WAIT = 30.0  # seconds a long poll waits; a quiet event stream says it lives twice as often


class Handsets:
    """The handset API."""

    def __init__(self, box: Box) -> None:
        self._box = box

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/people", told(self.people)),
            web.post("/people", told(self.add_people)),
            web.get("/people/{id}", told(self.person)),
            web.get("/people/{id}/events", told(self.events)),
            web.post("/people/{id}/telegram", told(self.telegram_act)),
            web.post("/people/{id}/sms", told(self.sms_act)),
            web.get("/files/{id}", told(self.file)),
        ]

    async def people(self, request: web.Request) -> web.Response:
        everybody = self._box.people
        limit = int(request.query.get("limit", len(everybody)))
        found = everybody.search(request.query.get("q", ""), max(1, limit))
        return web.json_response({"total": len(everybody), "people": [p.card() for p in found]})

    async def add_people(self, request: web.Request) -> web.Response:
        added = add_all(self._box.people, each(await body_of(request)))
        return web.json_response({"people": [person.card() for person in added]}, status=201)

    async def person(self, request: web.Request) -> web.Response:
        person, bot = self._person(request), self._bot(request)
        if "since" in request.query:
            wait = min(LONGEST_WAIT, float(request.query.get("wait", LONGEST_WAIT)))
            await person.bell.after(int(request.query["since"]), wait)
            bot = self._bot(request)
        return web.json_response(screen(person, self._box.telegram, bot, self._box.carrier))

    async def events(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events: `screen` with the whole screen at each change, `state` with the scoreboard."""
        person, scoreboard = self._person(request), self._box.scoreboard
        stream = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        await stream.prepare(request)
        shown_screen = shown_state = -1
        # whoever watches may go away in the middle of a word
        with scoreboard.watched_by(person.bell), contextlib.suppress(ConnectionResetError):
            while not scoreboard.closing:
                version = person.bell.version
                if shown_state != scoreboard.version:
                    shown_state = scoreboard.version
                    await _event(stream, "state", scoreboard.as_json())
                if shown_screen != version:
                    shown_screen = version
                    now = screen(person, self._box.telegram, self._bot(request), self._box.carrier)
                    await _event(stream, "screen", now)
                if not await person.bell.after(version, LONGEST_WAIT / 2):
                    await stream.write(b": still here\n\n")
        return stream

    async def telegram_act(self, request: web.Request) -> web.Response:
        person, bot = self._person(request), self._bot(request)
        if bot is None:
            return web.json_response({"error": "no bot has called yet"}, status=409)
        hand = TelegramHand(self._box.telegram, bot, person)
        return web.json_response({"ok": True} | act(hand, an_object(await body_of(request)), self._box.telegram))

    async def sms_act(self, request: web.Request) -> web.Response:
        person = self._person(request)
        given = an_object(await body_of(request))
        text, to = str(given["text"]), str(given.get("to") or "")
        send = self._box.carrier.forge_from if given.get("forged") else self._box.carrier.send_from
        return web.json_response({"ok": True, "sms": sms_line(send(person.phone, text, to))})

    async def file(self, request: web.Request) -> web.Response:
        stored = self._box.telegram.files.get(request.match_info["id"])
        if stored is None:
            raise NotFound("no such file")
        picture = stored.kind in ("image/png", "image/jpeg", "image/webp")
        return web.Response(
            body=stored.body,
            content_type=stored.kind if picture else "application/octet-stream",
            headers={"X-Content-Type-Options": "nosniff"},
        )

    def _person(self, request: web.Request) -> Person:
        person = self._box.people.get(request.match_info["id"])
        if person is None:
            raise NotFound("no such person")
        return person

    def _bot(self, request: web.Request) -> Bot | None:
        """The bot named by ?bot=, else the first; None where none has called yet."""
        name = request.query.get("bot", "")
        bot = self._box.telegram.bot_named(name)
        if bot is None and name:
            raise NotFound("no such bot")
        return bot


async def _event(stream: web.StreamResponse, name: str, body: Mapping[str, Any]) -> None:
    await stream.write(f"event: {name}\ndata: {json.dumps(body, ensure_ascii=False)}\n\n".encode())
