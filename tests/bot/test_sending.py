"""What Telegram may say to a call, and what the sender makes of it: real HTTP, a server that says what it is told."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
import structlog
from aiohttp import web

from bot.calls import EditMessageText, SendMessage
from bot.pace import Pace, Urgency
from bot.sending import Outcome, Sender
from bot.wire import Wire

TEXT = SendMessage(chat_id=77, text="vote")
EDIT = EditMessageText(chat_id=77, message_id=31, text="vote")
DONE = (200, '{"ok":true,"result":{"brand_new":[1]}}')


def refusal(status: int, words: str = "no", parameters: object = None) -> tuple[int, str]:
    said = {"ok": False, "error_code": status, "description": words, "parameters": parameters}
    return status, json.dumps(said)


@dataclass
class Oracle:
    """A Bot API that says these answers, the last one for ever. `heard` are the calls it got."""

    sender: Sender
    answers: list[tuple[int, str]]
    heard: list[tuple[str, dict[str, object]]] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.Response:
        self.heard.append((request.match_info["method"], await request.json()))
        status, text = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return web.Response(status=status, text=text)


@asynccontextmanager
async def oracle(*answers: tuple[int, str]) -> AsyncIterator[Oracle]:
    app = web.Application()
    runner = web.AppRunner(app, access_log=None)
    wire = Wire("1000001:token")
    made = Oracle(Sender(wire, Pace(asyncio.get_running_loop())), list(answers))
    app.router.add_post("/bot1000001:token/{method}", made.answer)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    wire.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield made
    finally:
        await wire.close()
        await runner.cleanup()


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (DONE, Outcome.DELIVERED),
        (refusal(400, "Bad Request: MESSAGE IS NOT MODIFIED: same"), Outcome.DELIVERED),
        (refusal(400), Outcome.REFUSED),
        (refusal(400, "group became supergroup", {"migrate_to_chat_id": -5}), Outcome.REFUSED),
        (refusal(401), Outcome.REFUSED),
        (refusal(403, "bot was blocked by the user"), Outcome.BLOCKED),
        (refusal(404), Outcome.REFUSED),
        (refusal(409), Outcome.REFUSED),
        ((200, '{"ok":false}'), Outcome.REFUSED),
    ],
)
async def test_what_telegram_decides_is_settled_at_once(answer: tuple[int, str], outcome: Outcome) -> None:
    async with oracle(answer) as telegram:
        assert await telegram.sender.send(TEXT, Urgency.ANSWER) is outcome
    assert telegram.heard == [("sendMessage", {"chat_id": 77, "text": "vote"})]


@pytest.mark.parametrize("words", ["message to edit not found", "message can't be edited", "MESSAGE_ID_INVALID"])
async def test_an_edit_of_what_is_gone_is_sent_anew(words: str) -> None:
    async with oracle(refusal(400, f"Bad Request: {words}"), DONE) as telegram:
        assert await telegram.sender.send(EDIT, Urgency.ANSWER) is Outcome.DELIVERED
    assert [method for method, _ in telegram.heard] == ["editMessageText", "sendMessage"]


NO_WORD = [
    (200, "<html>"),
    (200, ""),
    (200, "[]"),
    (200, '{"ok":"yes"}'),
    (200, "[" * 90_000),
    (502, "<html>"),
    refusal(500),
]


async def test_what_is_no_word_of_telegrams_is_asked_again() -> None:
    async def asked(answer: tuple[int, str]) -> None:
        async with oracle(answer, DONE) as telegram:
            assert await telegram.sender.send(TEXT, Urgency.ANSWER) is Outcome.DELIVERED
        assert len(telegram.heard) == 2, answer

    async with asyncio.TaskGroup() as group:
        for answer in NO_WORD:
            group.create_task(asked(answer))


async def test_whoever_is_asked_to_wait_waits_and_asks_again() -> None:
    async def asked(status: int) -> None:
        async with oracle(refusal(status, parameters={"retry_after": 1}), DONE) as telegram:
            assert await telegram.sender.send(TEXT, Urgency.ANSWER) is Outcome.DELIVERED
        assert len(telegram.heard) == 2, status

    with structlog.testing.capture_logs() as logs:
        async with asyncio.TaskGroup() as group:
            for status in (429, 400, 503):
                group.create_task(asked(status))
    assert [(line["event"], line["seconds"]) for line in logs] == [("telegram_asks_to_wait", 1)] * 3


async def test_the_journal_holds_neither_telegrams_words_nor_the_token() -> None:
    with structlog.testing.capture_logs() as logs:
        async with oracle(refusal(400, "chat 77 vote 1000001:token")) as telegram:
            await telegram.sender.send(TEXT, Urgency.ANSWER)
    assert logs
    assert not any(word in str(logs) for word in ("vote", "token", "77"))
