"""The program in pieces: each role a process of its own, on PostgreSQL and Valkey."""

import asyncio
import re
import signal
from pathlib import Path

from tests.outside.town import TelegramUser, eventually, free_port, town
from tests.voters import FILE

PHONES = [f"+7701{n:07d}" for n in range(1, 61)]
ROLL = "member_id,name,phone,region,language\n" + "".join(
    f"m{n},Участник {n},{phone},Алматы,ru\n" for n, phone in enumerate(PHONES, 1)
)


async def test_one_clock_leads_and_another_takes_over_when_it_is_killed(
    tmp_path: Path, postgres_url: str, redis_url: str
) -> None:
    stores = {"DATABASE_URL": postgres_url, "REDIS_URL": redis_url}
    closing = FILE.replace('timezone = "Asia/Almaty"', 'timezone = "Asia/Almaty"\ncloses = 2030-01-01T00:00:00+05:00')
    async with town(tmp_path, closing, ROLL, PHONES, settings=stores, served=False) as (program, _):
        async with asyncio.TaskGroup() as group:
            for name in ("clock 1", "clock 2"):
                group.create_task(program.starts(name, role="clock", port=free_port()))
        log = program.log
        await eventually(lambda: log.read_text().count("clock_leads") == 1, "one clock leads", log.read_text)
        await asyncio.sleep(2)
        assert log.read_text().count("clock_leads") == 1
        leader = re.findall(r"clock_leads.*?holder='[^:']*:(\d+):", log.read_text())[0]
        await program.stops(signal.SIGKILL, program.named(int(leader)))
        await eventually(lambda: log.read_text().count("clock_leads") == 2, "the other takes over", log.read_text)


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
