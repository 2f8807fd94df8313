"""How updates travel: offsets, conflicts, faults, and the push that does not give up."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from aiohttp import ClientSession, ServerDisconnectedError, web

from rehearsal.box import Box
from rehearsal.faults import Fault
from rehearsal.server import running

Receive = Callable[[web.Request], Any]


@pytest.fixture
async def http() -> AsyncIterator[ClientSession]:
    async with ClientSession() as session:
        yield session


class Api:
    """Raw calls, so that nothing is hidden by a client library."""

    def __init__(self, box: Box, http: ClientSession) -> None:
        self._base, self._http = f"{box.url}/bot{box.token}", http

    async def __call__(self, method: str, **params: Any) -> dict[str, Any]:
        async with self._http.post(f"{self._base}/{method}", json=params) as answer:
            body: dict[str, Any] = await answer.json()
            return body | {"status": answer.status}

    async def texts(self, **params: Any) -> list[str]:
        return [update["message"]["text"] for update in (await self("getUpdates", **params))["result"]]


@pytest.fixture
def api(box: Box, http: ClientSession) -> Api:
    return Api(box, http)


async def test_updates_wait_until_an_offset_confirms_them(box: Box, api: Api) -> None:
    for word in ("one", "two", "three"):
        box.hand("1").says(word)
    first = (await api("getUpdates", limit=2))["result"]
    assert [u["message"]["text"] for u in first] == ["one", "two"]
    assert await api.texts() == ["one", "two", "three"]
    assert await api.texts(offset=first[-1]["update_id"] + 1) == ["three"]
    assert await api.texts(offset=-1) == ["three"]
    assert await api.texts(offset=first[-1]["update_id"] + 2) == []


async def test_a_long_poll_wakes_when_something_happens(box: Box, api: Api) -> None:
    waiting = asyncio.ensure_future(api.texts(timeout=30))
    await api("getMe")
    await api("getMe")
    assert not waiting.done()
    box.hand("1").says("now")
    assert await asyncio.wait_for(waiting, 5) == ["now"]


async def test_of_two_polls_one_ends_with_a_conflict_and_the_other_goes_on(box: Box, api: Api) -> None:
    polls = {asyncio.ensure_future(api("getUpdates", timeout=30)) for _ in range(2)}
    (ended,), (going_on,) = await asyncio.wait(polls, timeout=5, return_when=asyncio.FIRST_COMPLETED)
    assert ended.result()["error_code"] == 409
    box.hand("1").says("x")
    assert len((await asyncio.wait_for(going_on, 5))["result"]) == 1


async def test_unwanted_kinds_of_update_are_left_out(box: Box, api: Api) -> None:
    await api("getUpdates", allowed_updates=["callback_query"])
    box.hand("1").says("x")
    assert (await api("getUpdates"))["result"] == []


@pytest.mark.parametrize(("kind", "expected"), [("duplicate", ["a", "a", "b"]), ("out_of_order", ["b", "a"])])
async def test_updates_come_twice_or_out_of_order_on_demand(box: Box, api: Api, kind: str, expected: list[str]) -> None:
    box.faults.add(Fault("updates", kind))
    box.hand("1").says("a")
    box.hand("1").says("b")
    assert await api.texts() == expected


async def test_an_update_held_back_alone_is_not_lost_and_survives_a_later_offset(box: Box, api: Api) -> None:
    box.faults.add(Fault("updates", "out_of_order"))
    box.hand("1").says("a")
    box.hand("1").says("b")
    (first,) = (await api("getUpdates", limit=1))["result"]
    assert first["message"]["text"] == "b"
    assert await api.texts(offset=first["update_id"] + 1) == ["a"]
    box.faults.add(Fault("updates", "out_of_order"))
    box.hand("1").says("alone")
    assert await api.texts(offset=first["update_id"] + 1, timeout=5) == ["alone"]


async def test_forms_queries_and_odd_case_are_read_alike(box: Box, http: ClientSession) -> None:
    hand = box.hand("1")
    hand.says("x")
    url = f"{box.url}/bot{box.token}/SENDMESSAGE"
    chat = str(hand.chat.id)
    await (await http.get(url, params={"chat_id": chat, "text": "query"})).json()
    await (await http.post(url, data={"chat_id": chat, "text": "form"})).json()
    await (await http.post(url, json={"chat_id": hand.chat.id, "text": "json"})).json()
    assert [m.content["text"] for m in hand.chat.messages.values() if m.from_bot] == ["query", "form", "json"]


async def test_a_listed_token_is_a_bot_and_any_other_is_not(http: ClientSession) -> None:
    async with running(clock=time.time, rng=random.Random(1), tokens=["1:aaa", "2:bbb"]) as box:
        statuses = [(await http.get(f"{box.url}/bot{t}/getMe")).status for t in ("1:aaa", "2:bbb", "3:ccc", "x")]
        assert statuses == [200, 200, 401, 401]
        assert (await http.get(f"{box.url}/bot1:aaa/fly")).status == 404


class Receiver:
    """A webhook's other end; `answer` says what it answers to each push."""

    def __init__(self) -> None:
        self.got: list[dict[str, Any]] = []
        self.secrets: list[str | None] = []
        self.statuses: list[int] = []
        self.most_at_once: dict[int, int] = {}
        self.answer: dict[str, Any] | None = None
        self.enough = asyncio.Event()
        self.expected = 1
        self._inside: dict[int, int] = {}

    async def hear(self, request: web.Request) -> web.Response:
        update = await request.json()
        user = update["message"]["from"]["id"]
        self._inside[user] = self._inside.get(user, 0) + 1
        self.most_at_once[user] = max(self.most_at_once.get(user, 0), self._inside[user])
        await asyncio.sleep(0.01)
        self._inside[user] -= 1
        status = self.statuses.pop(0) if self.statuses else 200
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        if status == 200:
            self.got.append(update)
            if len(self.got) >= self.expected:
                self.enough.set()
        return web.json_response(self.answer or {}, status=status)


@pytest.fixture
async def receiver() -> AsyncIterator[tuple[Receiver, str]]:
    receiver = Receiver()
    app = web.Application()
    app.add_routes([web.post("/hook", receiver.hear)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield receiver, f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    await runner.cleanup()


async def test_a_push_is_repeated_until_it_is_taken(box: Box, api: Api, receiver: tuple[Receiver, str]) -> None:
    other_end, url = receiver
    other_end.statuses = [500, 404]
    await api("setWebhook", url=url, secret_token="abc")
    box.hand("1").says("x")
    await asyncio.wait_for(other_end.enough.wait(), 5)
    assert other_end.secrets == ["abc", "abc", "abc"]
    info = (await api("getWebhookInfo"))["result"]
    assert (info["pending_update_count"], info["last_error_message"]) == (
        0,
        "Wrong response from the webhook: 404 Not Found",
    )


async def test_one_update_of_a_user_is_in_flight_at_a_time_and_users_do_not_wait_for_each_other(
    box: Box, api: Api, receiver: tuple[Receiver, str]
) -> None:
    other_end, url = receiver
    other_end.expected = 9
    await api("setWebhook", url=url, max_connections=50)
    for word in ("1", "2", "3"):
        for person in ("1", "2", "3"):
            box.hand(person).says(word)
    await asyncio.wait_for(other_end.enough.wait(), 5)
    assert set(other_end.most_at_once.values()) == {1}
    for person in ("1", "2", "3"):
        account = box.hand(person).person.telegram_id
        assert [u["message"]["text"] for u in other_end.got if u["message"]["from"]["id"] == account] == ["1", "2", "3"]


async def test_a_method_in_the_answer_is_carried_out(box: Box, api: Api, receiver: tuple[Receiver, str]) -> None:
    other_end, url = receiver
    hand = box.hand("1")
    other_end.answer = {"method": "sendMessage", "chat_id": hand.chat.id, "text": "in the answer"}
    await api("setWebhook", url=url)
    hand.says("x")
    while hand.chat.counts.sent < 1:
        assert await hand.person.bell.after(hand.person.bell.version, 5)
    assert [m.content["text"] for m in hand.chat.messages.values() if m.from_bot] == ["in the answer"]


async def test_what_a_webhook_did_not_take_is_there_for_polling(box: Box, api: Api) -> None:
    await api("setWebhook", url="http://127.0.0.1:9/nobody")
    box.hand("1").says("kept")
    assert (await api("getUpdates"))["error_code"] == 409
    await api("deleteWebhook")
    assert await api.texts() == ["kept"]


async def test_a_lost_answer_leaves_the_effect_behind(box: Box, api: Api) -> None:
    hand = box.hand("1")
    hand.says("x")
    box.faults.add(Fault("bot_api", "lost", only="sendMessage"))
    with pytest.raises(ServerDisconnectedError):
        await api("sendMessage", chat_id=hand.chat.id, text="was it sent?")
    assert hand.chat.counts.sent == 1
