"""What the commission does is told by the clock: once, in three languages, to those whom it concerns."""

from pathlib import Path

from dauys import acts_told, broadcasting
from dauys.clockwork import _Crier
from election.broadcasts import Broadcast
from election.deeds.rulings import ruling
from election.election_file import parse
from election.rulings import find
from handlers.acts_told import KINDS
from scheduler.announcements import Announcements
from tests.voters import FILE, Booth, booth

WITH_CHANNEL = FILE.replace(
    "[commission]", 'closes = 2026-12-02T20:00:00\n[bulletins]\nchannels = ["@news"]\n[commission]'
)


def clock(hall: Booth) -> Announcements:
    return Announcements(hall.hall.store.broadcasts, _Crier(hall.settings, hall.hall), KINDS)


async def does(hall: Booth, kind: str, **about: str | int) -> None:
    await hall.hall.commission.propose(kind, "", "a reason nobody is told", hall.hand(), about)
    hall.hand.moves(seconds=2)


async def newest(hall: Booth) -> Broadcast:
    return (await hall.hall.store.broadcasts.broadcasts())[0]


async def test_a_pause_is_told_once_to_everybody_in_her_language(tmp_path: Path) -> None:
    async with booth(tmp_path, file=WITH_CHANNEL) as hall:
        await hall.telegram(1).signs_in()
        await hall.phone(2).signs_in()
        await hall.hall.store.ledger.enrol("m000002", "sms", "")
        await does(hall, "pause")
        assert await clock(hall).run(hall.hand()) == {"announced": 1}
        assert await clock(hall).run(hall.hand()) == {"announced": 0}
        told = await newest(hall)
        assert (told.plan.kind, told.plan.channels, told.counts.expected) == ("announcement", ("@news",), 3)
        said = await broadcasting.what_is_said(hall.hall, hall.settings, told.plan)
        assert "приостановлено" in said.chat["ru"]
        assert "paused" in said.sms["en"]
        assert "reason" not in said.channel
        assert [line.split()[0] for line in said.channel.split("\n\n")] == ["Дауыс", "Голосование", "Voting"]


async def test_what_is_not_true_any_more_is_not_told(tmp_path: Path) -> None:
    async with booth(tmp_path, file=WITH_CHANNEL) as hall:
        await does(hall, "pause")
        await clock(hall).run(hall.hand())
        paused = await newest(hall)
        assert await acts_told.is_true(hall.hall, paused.plan.act, hall.hand())
        await does(hall, "resume")
        await clock(hall).run(hall.hand())
        resumed = await newest(hall)
        assert not await acts_told.is_true(hall.hall, paused.plan.act, hall.hand())
        assert await acts_told.is_true(hall.hall, resumed.plan.act, hall.hand())
        said = await broadcasting.what_is_said(hall.hall, hall.settings, resumed.plan)
        assert "20:00 02.12" in said.chat["kk"]


async def test_a_strike_off_is_told_to_its_contest_and_more_to_who_may_vote_again(tmp_path: Path) -> None:
    async with booth(
        tmp_path,
        file=FILE.replace(
            '[[contest.candidate]]\nid = "101"', 'regions = ["Алматы"]\n[[contest.candidate]]\nid = "101"'
        ),
    ) as hall:
        await hall.telegram(1).votes(2)
        await hall.telegram(2).signs_in()
        await does(hall, "strike", **ruling(*find(parse(hall.file), "102")))
        await clock(hall).run(hall.hand())
        told = await newest(hall)
        assert told.plan.only.regions == ("Алматы",)
        taken = await hall.hall.store.broadcasts.take(told.number, "me", hall.hand())
        assert taken is not None
        page = await hall.hall.store.broadcasts.recipients(taken, 0, "", 10, hall.hand())
        assert [(each.member_id, each.again) for each in page] == [("m000001", True), ("m000002", False)]
        said = await broadcasting.what_is_said(hall.hall, hall.settings, told.plan)
        got: list[str] = []

        async def say(reply: object, picture: bytes, still: object) -> str:
            got.append(reply.text)  # type: ignore[attr-defined]
            return "sent"

        speaker = broadcasting.Speaker(hall.hall, taken, said, say, hall.hand)  # type: ignore[arg-type]
        for each in page:
            assert await speaker.say(each) == "sent"
        assert ["/again" in text for text in got] == [True, False]
        assert all("Ахметова Айгүл" in text for text in got)
