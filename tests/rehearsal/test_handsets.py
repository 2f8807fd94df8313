"""The handset API from outside, as the page and the crowd use it."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientSession

from rehearsal.box import Box
from rehearsal.segments import segments


class Web:
    def __init__(self, box: Box, http: ClientSession) -> None:
        self._base, self._http = box.url, http

    async def get(self, path: str, **query: str) -> Any:
        async with self._http.get(f"{self._base}{path}", params=query) as answer:
            return await answer.json() if answer.status == 200 else answer.status

    async def post(self, path: str, body: Any) -> Any:
        async with self._http.post(f"{self._base}{path}", json=body) as answer:
            return (await answer.json()) | {"status": answer.status}


@pytest.fixture
async def web(box: Box) -> AsyncIterator[Web]:
    async with ClientSession() as http:
        yield Web(box, http)


async def test_people_are_found_by_name_region_and_digits(web: Web) -> None:
    everybody = await web.get("/people")
    assert everybody["total"] == 3
    assert [p["phone"] for p in (await web.get("/people", q="айгерим"))["people"]] == ["+77010000001"]
    assert [p["name"] for p in (await web.get("/people", q="астана"))["people"]] == ["Петров Иван", "Jones Ann"]
    assert [p["name"] for p in (await web.get("/people", q="701 000 0003"))["people"]] == ["Jones Ann"]
    assert len((await web.get("/people", limit="2"))["people"]) == 2


async def test_a_new_person_has_an_account_that_follows_from_the_phone(web: Web, box: Box) -> None:
    added = await web.post("/people", {"name": "Ким Роза", "phone": "+7 701 000 00 09"})
    (card,) = added["people"]
    assert (added["status"], card["phone"], card["id"]) == (201, "+77010000009", "4")
    assert (await web.get(f"/people/{card['telegram_id']}"))["person"] == card
    assert (await web.get("/people/+77010000009"))["person"] == card
    (twin,) = (await web.post("/people", {"phone": "+77010000009"}))["people"]
    assert twin["telegram_id"] == card["telegram_id"] + 1
    assert (await web.post("/people", {"name": "nobody"}))["status"] == 400
    assert await web.get("/people/77") == 404


async def test_acts_over_http_move_the_chat(web: Web, box: Box) -> None:
    assert (await web.post("/people/1/telegram", {"text": "/start"}))["status"] == 409
    bot = f"/bot{box.token}"
    await web.get(f"{bot}/getMe")
    assert (await web.post("/people/1/telegram", {"text": "/start"}))["message_id"] == 1
    buttons = {"inline_keyboard": [[{"text": "A", "callback_data": "a"}], [{"text": "B", "callback_data": "b"}]]}
    chat = box.hand("1").chat.id
    await web.post(f"{bot}/sendMessage", {"chat_id": chat, "text": "?", "reply_markup": buttons})
    screen = await web.get("/people/1")
    assert [row[0]["text"] for row in screen["telegram"]["messages"][-1]["buttons"]] == ["A", "B"]
    assert (await web.post("/people/1/telegram", {"press": [2, 1]}))["ok"]
    assert (await web.post("/people/1/telegram", {"press": [2, "gone"]}))["status"] == 400
    assert (await web.post("/people/1/telegram", {"press": [2, "gone"], "stale": True}))["ok"]
    assert (await web.post("/people/1/telegram", {"share_contact": True}))["ok"]
    assert (await web.post("/people/1/telegram", {"contact_of": "2"}))["ok"]
    assert (await web.post("/people/1/telegram", {"contact_of": "2", "forwarded": True}))["ok"]
    assert (await web.post("/people/1/telegram", {"send": "voice"}))["ok"]
    assert (await web.post("/people/1/telegram", {"edit": [1, "/help"]}))["ok"]
    assert (await web.post("/people/1/telegram", {"fly": 1}))["status"] == 400
    updates = (await web.get(f"{bot}/getUpdates"))["result"]
    datas = [u["callback_query"]["data"] for u in updates if "callback_query" in u]
    assert datas == ["b", "gone"]
    contacts = [u["message"]["contact"]["user_id"] for u in updates if "contact" in u.get("message", {})]
    mine, other = box.hand("1").person.telegram_id, box.hand("2").person.telegram_id
    assert contacts == [mine, other, other]


async def test_a_long_look_returns_when_a_text_arrives(web: Web, box: Box) -> None:
    version = (await web.get("/people/2"))["version"]
    looking = asyncio.ensure_future(web.get("/people/2", since=str(version), wait="20"))
    box.carrier.accept("+77010000002", "+77750000000", "Код 1234 5678")
    screen = await asyncio.wait_for(looking, 5)
    assert [(sms["text"], sms["me"], sms["segments"]) for sms in screen["sms"]] == [("Код 1234 5678", False, 1)]


async def test_two_people_on_one_number_both_see_its_texts(web: Web, box: Box) -> None:
    (twin,) = (await web.post("/people", {"phone": "+77010000002"}))["people"]
    await web.post("/people/2/sms", {"text": "VOTE"})
    assert [sms["me"] for sms in (await web.get(f"/people/{twin['id']}"))["sms"]] == [True]


async def test_the_event_stream_tells_screens_and_state(web: Web, box: Box) -> None:
    async with ClientSession() as http, http.get(f"{box.url}/people/1/events") as stream:

        async def event() -> tuple[str, Any]:
            name = (await stream.content.readline()).decode().removeprefix("event: ").strip()
            data = json.loads((await stream.content.readline()).decode().removeprefix("data: "))
            await stream.content.readline()
            return name, data

        assert (await event())[0] == "state"
        assert (await event())[0] == "screen"
        await web.post("/state", {"lines": [{"en": "219 of 300 voted"}], "share": 0.73})
        assert await event() == ("state", {"lines": [{"en": "219 of 300 voted"}], "links": [], "share": 0.73})
        assert (await event())[0] == "screen"
        box.carrier.accept("+77010000001", "+77750000000", "hello")
        assert (await event())[1]["sms"][0]["text"] == "hello"


async def test_links_on_the_page_lead_only_to_pages(web: Web) -> None:
    links = [{"text": "board", "url": "http://127.0.0.1:1/"}, {"text": "x", "url": "javascript:alert(1)"}]
    assert [link["text"] for link in (await web.post("/state", {"links": links}))["links"]] == ["board"]


async def test_faults_are_listed_used_up_and_cleared(web: Web, box: Box) -> None:
    wanted = [{"where": "bot_api", "kind": "server_error", "only": "getMe"}, {"where": "inbound", "kind": "forged"}]
    assert len((await web.post("/faults", wanted))["faults"]) == 2
    assert await web.get(f"/bot{box.token}/getme") == 502
    assert [f["where"] for f in (await web.get("/faults"))["faults"]] == ["inbound"]
    assert (await web.post("/faults", {"where": "bot_api", "kind": "fire"}))["status"] == 400
    assert (await web.post("/faults", {"where": "bot_api"}))["status"] == 400
    assert (await web.post("/pace", {"bot": 30, "chat": 1}))["bot"] == 30


async def test_a_fault_at_a_rate_strikes_a_share_of_the_calls(web: Web, box: Box) -> None:
    await web.post("/faults", {"where": "bot_api", "kind": "server_error", "rate": 0.5, "times": None})
    answers = [await web.get(f"/bot{box.token}/getMe") == 502 for _ in range(60)]
    assert 15 < sum(answers) < 45


async def test_the_page_and_only_the_page_is_served(web: Web, box: Box) -> None:
    async with ClientSession() as http:
        page = await http.get(box.url)
        assert (page.status, page.content_type) == (200, "text/html")
        assert (await http.get(f"{box.url}/page/..%2Fserver.py")).status == 404
        assert (await http.get(f"{box.url}/page/none.js")).status == 404


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a" * 160, 1), ("a" * 161, 2), ("€" * 80, 1), ("a" * 152 + "€" + "a" * 7, 2),
        ("ж" * 70, 1), ("ж" * 71, 2), ("😀" * 35, 1), ("😀" * 36, 2), ("", 1),
    ],
)  # fmt: skip
def test_segments_are_counted_as_networks_do(text: str, expected: int) -> None:
    assert segments(text) == expected
