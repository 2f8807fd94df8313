"""An election where updates and SMS are brought to the program, and what it makes of others who bring some."""

import asyncio
import json
import signal
from pathlib import Path

import aiohttp

from rehearsal.faults import Fault
from tests.outside.town import TelegramUser, eventually, town
from tests.outside.whole_election import PHONES, ROLL, a_whole_election
from tests.voters import FILE


async def test_an_election_from_the_first_message_to_the_count(tmp_path: Path) -> None:
    await a_whole_election(tmp_path, webhook=True)


async def test_what_is_not_signed_or_has_no_secret_is_refused_and_does_nothing(tmp_path: Path) -> None:
    async with town(tmp_path, FILE, ROLL, PHONES) as (program, box), aiohttp.ClientSession() as session:
        form = {
            "MessageSid": "SM" + "a" * 32, "AccountSid": box.carrier.account.sid, "From": PHONES[0],
            "To": box.carrier.account.number, "Body": "ГОЛОС", "NumMedia": "0",
        }  # fmt: skip
        for headers in ({}, {"X-Twilio-Signature": "AAAA"}):
            async with session.post(program.url + "/sms/inbound", data=form, headers=headers) as answer:
                assert answer.status in {401, 403}
        box.faults.add(Fault("inbound", "forged"))
        box.carrier.send_from(PHONES[0], "ГОЛОС")
        update = {"update_id": 1, "message": {"message_id": 1, "date": 1, "chat": {"id": 5, "type": "private"}}}
        path = f"{program.url}/telegram/777000"
        for headers in ({}, {"X-Telegram-Bot-Api-Secret-Token": "wrong"}):
            async with session.post(path, data=json.dumps(update), headers=headers) as answer:
                assert answer.status in {401, 403}
        await asyncio.sleep(1)
        assert box.carrier.thread(PHONES[0])[-1].to != PHONES[0]
        assert program.answers("turnout")["enrolled"] == 0


async def test_votes_told_to_members_survive_kill_9(tmp_path: Path) -> None:
    async with town(tmp_path, FILE, ROLL, PHONES) as (program, box):
        voters = [TelegramUser(box, phone) for phone in PHONES]

        async def votes(voter: TelegramUser) -> None:
            await voter.signs_in()
            await voter.presses("Ким Виктор")
            await voter.presses("Проголосовать")

        async with asyncio.TaskGroup() as group:
            for voter in voters:
                group.create_task(votes(voter))
        await eventually(lambda: any("Контрольный код" in v.text() for v in voters), "a first receipt")
        await program.stops(signal.SIGKILL)
        told = {v.phone for v in voters if "Контрольный код" in v.text()}
        await program.starts()
        turnout = program.answers("turnout")
        assert isinstance(turnout["voted"], int)
        assert turnout["voted"] >= len(told) >= 1
        # who was not answered is answered now: her tap was not lost
        for voter in voters:
            await voter.sees("Контрольный код")
        assert program.answers("turnout")["voted"] == len(voters)
