"""A broadcast killed fifty times: nobody is left out, and no more is doubled than was under way."""
# ruff: noqa: S101

import json
import signal
from collections.abc import Callable
from pathlib import Path

from rehearsal.faults import Fault
from tests.outside.subscribers import WITH_CHANNEL, all_sign_in, copies, phones, roll
from tests.outside.town import TOKEN, eventually, town

MEMBERS, KILLS, PER_SECOND = 5_000, 50, 200
WORDS = ("--text-kk", "Сәлем", "--text-ru", "Привет", "--text-en", "Hello")


async def test_fifty_kills_lose_nobody(tmp_path: Path, shows: Callable[[str], None]) -> None:
    people = phones(MEMBERS)
    settings = {"TELEGRAM_PER_SECOND": str(PER_SECOND)}
    async with town(tmp_path, WITH_CHANNEL, roll(people), people, served=False, settings=settings) as (program, box):
        await all_sign_in(program, box, people)
        blocked = people[::20]
        for phone in blocked:
            box.hand(phone, TOKEN).chat.blocked = True
        box.faults.add(Fault("bot_api", "too_many", only="sendMessage", rate=0.02, times=40))
        box.faults.add(Fault("bot_api", "server_error", only="sendMessage", rate=0.02, times=None))
        program.answers("broadcast", "send", *WORDS, "--to", "telegram", "--yes")

        def sent() -> int:
            return sum(number * members for number, members in copies(box, people, "/stop").items())

        for kill in range(KILLS):
            before = sent()
            await program.starts()
            await eventually(lambda before=before: sent() >= before + 60, f"it goes on after {kill} kills", sent)
            await program.stops(signal.SIGKILL)
        await program.starts()
        await eventually(lambda: _state(program.says("broadcast", "show", "1", "--json")) == "done", "its end", sent)

        got = copies(box, [phone for phone in people if phone not in blocked], "/stop")
        doubled = sum(number - 1 for number in got.elements())
        shows(f"broadcast to {MEMBERS}, {KILLS} kills: lost {got[0]}, doubled {doubled} ({doubled / KILLS:.1f} a kill)")
        assert got[0] == 0
        assert doubled <= KILLS * PER_SECOND
        assert copies(box, blocked, "/stop") == {0: len(blocked)}
        shown = json.loads(program.says("broadcast", "show", "1", "--json"))
        assert (shown["blocked"], shown["failed"]) == (len(blocked), 0)


def _state(told: str) -> str:
    return str(json.loads(told)["state"])
