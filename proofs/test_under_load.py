"""Under load: bots restarted and killed, PostgreSQL restarted, Valkey flushed and lost, the leading clock killed."""
# ruff: noqa: S101, S311

import asyncio
from collections.abc import Callable
from pathlib import Path
from random import Random  # noqa: TID251 - a crowd that can be met again

from proofs import figures, ledger
from proofs.crowd import AT_LEAST, PHONES, ROLL_FILE, Crowd
from proofs.staff import Staff
from proofs.troubles import Troubles
from tests import servers
from tests.outside.town import town
from tests.voters import FILE

CLOSING = FILE.replace('timezone = "Asia/Almaty"', 'timezone = "Asia/Almaty"\ncloses = 2035-01-01T00:00:00+05:00')
BEGINNING = ("bot 1", "bot 2", "sms 1", "sender", "clock 1", "clock 2")


async def test_each_member_who_comes_has_one_vote_and_her_receipt(tmp_path: Path, shows: Callable[[str], None]) -> None:
    with servers.postgres() as postgres, servers.valkey() as valkey, servers.postgres_database(postgres.url) as url:
        stores = {"DATABASE_URL": url, "REDIS_URL": valkey.url}
        async with town(tmp_path, CLOSING, ROLL_FILE, PHONES, settings=stores, served=False) as (program, box):
            database = url.replace("+asyncpg", "")
            staff = Staff(program, postgres, valkey, database)
            box.carrier.account.inbound_url = f"{staff.sms_url}/sms/inbound"
            for name in BEGINNING:
                await staff.starts(name)
            crowd = Crowd(box, Random(11))
            troubles = Troubles(staff, crowd)
            async with asyncio.TaskGroup() as group:
                group.create_task(crowd.votes())
                await troubles.come()
                crowd.enough.set()
            await staff.are_counted()

            diaries = crowd.diaries
            held = ledger.held(database)
            for line in figures.lines(crowd, held, troubles.seen, program.log.read_text(encoding="utf-8")):
                shows(line)
            shows("messages heard: " + ", ".join(f"{name} {count}" for name, count in staff.heard.items() if count))

            # each who came, and nobody else, has used one right, has one envelope, one receipt, one notice
            assert len(diaries) >= AT_LEAST
            assert {diary.phone: diary.left_with for diary in diaries if not diary.receipt} == {}
            assert (held.lost(diaries), held.doubled()) == (0, 0)
            assert held.voted == {diary.member_id for diary in diaries}
            assert {held.envelopes, held.pseudonyms, held.receipts.total(), held.notices} == {len(diaries)}
            by_sms = sum(diary.channel == "sms" for diary in diaries)
            assert (held.by_telegram, held.by_sms) == (len(diaries) - by_sms, by_sms)
            assert [diary.phone for diary in diaries if diary.other_choices] == []

            # the troubles were what they were meant to be
            assert all(trouble.under_way for trouble in troubles.seen[1:])
            assert all(staff.heard[name] for name in ("bot 1", "bot 2", "bot 3", "bot 4", "sms 1", "sms 2"))

            # the count is what members chose
            program.says("election", "close")
            shares = [f"--share=shares/share-{number}.json" for number in (1, 3, 5)]
            result = program.answers("tally", *shares, "--out", "result")
            found = result["contests"][0]["results"]  # type: ignore[index]
            assert {line["candidate"]: line["votes"] for line in found} == crowd.choices()
            assert result["totals"]["counted"] == len(diaries)  # type: ignore[index]
            assert result["reconciles"] is True
