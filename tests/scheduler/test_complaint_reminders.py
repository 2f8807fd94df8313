"""The committee is reminded of complaints before their hour, by SMS and without a word of any."""

from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from dauys.broadcasting import Speaker, Still, what_is_said
from dauys.reminding import remind_committee
from election.broadcasts import Broadcast
from handlers.notices import complaint_word
from handlers.speech import Reply
from scheduler.broadcasts import Broadcasts
from scheduler.complaints import Reminders
from scheduler.course import Fate
from tests.handlers.test_officers import COMMISSION
from tests.scheduler.test_broadcasts_under_way import QUICK
from tests.voters import TEXTS, booth

BERIK = "+77770000002"


async def test_each_is_reminded_of_when_it_is_due_soon_and_when_it_is_late(tmp_path: Path) -> None:
    async with booth(tmp_path, file=COMMISSION, opened=False) as hall:
        reminders = Reminders(hall.hall.store.complaints, hall.fleeting, partial(remind_committee, hall.hall))
        await hall.phone(1).says("ЖАЛОБА Начальник велел показать телефон")
        told = []
        for span in (timedelta(hours=59), timedelta(hours=1), timedelta(hours=1), timedelta(hours=11), timedelta(1)):
            hall.hand.at += span
            done = await reminders.run(hall.hand())
            told.append((done["due"], done["reminded"], await hall.letters(BERIK)))
        due = TEXTS.said("ru", "staff-complaints-due", open=1)
        assert told == [(0, 0, []), (1, 1, [due]), (0, 0, []), (1, 1, [due]), (0, 0, [])]


async def test_many_at_once_are_one_sms(tmp_path: Path) -> None:
    async with booth(tmp_path, file=COMMISSION, opened=False) as hall:
        reminders = Reminders(hall.hall.store.complaints, hall.fleeting, partial(remind_committee, hall.hall))
        for number in range(1, 6):
            await hall.phone(number).says("ЖАЛОБА Начальник велел показать телефон")
            hall.hand.moves(minutes=1)
        hall.hand.moves(hours=60, minutes=-5)
        letters = []
        for _ in range(40):
            await reminders.run(hall.hand())
            letters += await hall.letters(BERIK)
            hall.hand.moves(minutes=1)
        assert letters == [TEXTS.said("ru", "staff-complaints-due", open=5)] * 2


async def test_a_question_reaches_its_member_alone_in_telegram_or_by_sms_and_says_nothing_of_it(
    tmp_path: Path,
) -> None:
    async with booth(tmp_path, file=COMMISSION, members=6, opened=False) as hall:
        got: list[tuple[str, str]] = []

        async def say(reply: Reply, picture: bytes, still: Still | None) -> Fate:
            got.append((reply.address.chat, reply.text))
            return "sent"

        async def script(broadcast: Broadcast) -> Speaker:
            said = await what_is_said(hall.hall, hall.settings, broadcast.plan)
            return Speaker(hall.hall, broadcast, said, say, hall.hand)

        async def may_go(broadcast: Broadcast, now: datetime) -> bool:
            return True

        for number in (1, 2):
            await hall.telegram(number).says("/start")
            await hall.hall.store.ledger.enrol(f"m{number:06d}", "telegram", str(5000 + number), "1")
        await hall.telegram(1).says("/complain Начальник велел показать телефон")
        await hall.phone(3).says("ЖАЛОБА Начальник велел показать телефон")
        for number in (101, 102):
            words = complaint_word(TEXTS, "complaint-has-question", number)
            await hall.hall.complaints.ask(number, "Который из начальников?", "Berik", words, hall.hand())
        await Broadcasts(hall.hall.store.broadcasts, script, may_go, hall.hand, QUICK).run(hall.hand())
        assert got == [("5001", TEXTS.said("ru", "complaint-has-question", ticket="101"))]
        assert await hall.letters(hall.phone(3).own_phone) == [TEXTS.said("ru", "complaint-has-question", ticket="102")]
        assert await hall.letters(hall.phone(4).own_phone) == []
