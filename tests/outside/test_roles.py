"""The program in pieces: each role a process of its own, on PostgreSQL and Valkey."""

import asyncio
import re
import signal
from pathlib import Path
from random import Random

import aiohttp

from rehearsal.crowd import Member, crowd
from tests.outside.town import TelegramUser, eventually, free_port, town
from tests.voters import FILE

PHONES = [f"+7701{n:07d}" for n in range(1, 61)]
ROLL = "member_id,name,phone,region,language\n" + "".join(
    f"m{n},Участник {n},{phone},Алматы,ru\n" for n, phone in enumerate(PHONES, 1)
)


async def test_bots_are_restarted_one_by_one_while_members_vote(
    tmp_path: Path, postgres_url: str, redis_url: str
) -> None:
    stores = {"DATABASE_URL": postgres_url, "REDIS_URL": redis_url}
    async with town(tmp_path, FILE, ROLL, PHONES, settings=stores, served=False) as (program, box):
        await program.starts("bot 1", role="bot")
        await program.starts("bot 2", role="bot")
        await program.starts("sender", role="sender", port=free_port())
        members = [Member(phone, "telegram", "ru") for phone in PHONES]
        half = asyncio.Event()

        def on_progress(_: object, results: object) -> None:
            if results.voted >= 15:  # type: ignore[attr-defined]
                half.set()

        async with asyncio.TaskGroup() as group:
            voting = group.create_task(crowd(box.url, members, 6, on_progress, rng=Random(5), patience=30.0))
            await half.wait()
            for name in ("bot 1", "bot 2"):
                await program.stops(name=name)
                await program.starts(name, role="bot")
        results = voting.result()
        assert (results.voted, results.failed) == (len(PHONES), 0), results.reasons
        assert program.answers("turnout")["voted"] == len(PHONES)
        program.says("election", "close")
        shares = [f"--share=shares/share-{n}.json" for n in (1, 2, 3)]
        result = program.answers("tally", *shares, "--out", "result")
        assert result["reconciles"] is True
        assert result["totals"]["counted"] == len(PHONES)  # type: ignore[index]


async def test_one_clock_leads_and_another_takes_over_when_it_is_killed(
    tmp_path: Path, postgres_url: str, redis_url: str
) -> None:
    stores = {"DATABASE_URL": postgres_url, "REDIS_URL": redis_url}
    closing = FILE.replace('timezone = "Asia/Almaty"', 'timezone = "Asia/Almaty"\ncloses = 2030-01-01T00:00:00+05:00')
    async with town(tmp_path, closing, ROLL, PHONES, settings=stores, served=False) as (program, _):
        await program.starts("clock 1", role="clock", port=free_port())
        await program.starts("clock 2", role="clock", port=free_port())
        log = program.log
        await eventually(lambda: log.read_text().count("clock_leads") == 1, "one clock leads", log.read_text)
        await asyncio.sleep(2)
        assert log.read_text().count("clock_leads") == 1
        leader = re.findall(r"clock_leads.*?holder='[^:']*:(\d+):", log.read_text())[0]
        await program.stops(signal.SIGKILL, program.named(int(leader)))
        await eventually(lambda: log.read_text().count("clock_leads") == 2, "the other takes over", log.read_text)


async def test_the_board_shows_its_folder_without_database_or_redis(tmp_path: Path) -> None:
    nowhere = {"DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none", "REDIS_URL": "redis://127.0.0.1:9/0"}
    folder = tmp_path / "shown"
    folder.mkdir()
    (folder / "index.html").write_text("<h1>turnout</h1>")
    (folder / "latest.json").write_text("{}")
    async with town(tmp_path, FILE, ROLL, PHONES, served=False) as (program, _), aiohttp.ClientSession() as session:
        program.environment |= {**nowhere, "BOARD_DIR": str(folder)}
        await program.starts("board", role="board")
        async with session.get(program.url + "/") as page:
            assert "turnout" in await page.text()
        async with session.get(program.url + "/latest.json") as found:
            etag = found.headers["ETag"]
        async with session.get(program.url + "/latest.json", headers={"If-None-Match": etag}) as again:
            assert again.status == 304
        async with session.get(program.url + "/../run.log") as outside:
            assert outside.status == 404


async def test_a_flushed_valkey_costs_a_member_one_more_code_and_no_vote(
    tmp_path: Path, postgres_url: str, redis_url: str
) -> None:
    import redis

    stores = {"DATABASE_URL": postgres_url, "REDIS_URL": redis_url}
    async with town(tmp_path, FILE, ROLL, PHONES, settings=stores) as (program, box):
        voted, waiting = TelegramUser(box, PHONES[0]), TelegramUser(box, PHONES[1])
        await voted.signs_in()
        await voted.presses("Ким Виктор")
        await voted.presses("Проголосовать")
        await voted.sees("Контрольный код")
        waiting.hand.says("/start")
        await eventually(lambda: waiting.hand.chat.keyboard, "the contact button")
        waiting.hand.shares_contact()
        lost = await waiting.code()
        with redis.Redis.from_url(redis_url) as client:
            client.flushdb()
        waiting.hand.says(lost)
        await eventually(lambda: waiting.hand.chat.keyboard, "the contact button again")
        await waiting.signs_in()
        await waiting.presses("Ахметова Айгүл")
        await waiting.presses("Проголосовать")
        await waiting.sees("Контрольный код")
        voted.hand.says("/start")
        await voted.sees("уже проголосовали")
        assert program.answers("turnout")["voted"] == 2
