"""One election, driven from outside over HTTP by people with phones, as the outside world would."""

import asyncio
import re
import signal
from pathlib import Path

from tests.outside.town import Phone, TelegramUser, eventually, town
from tests.voters import FILE

CANDIDATES = ("Сериков Ержан", "Ахметова Айгүл", "Ким Виктор")
PHONES = [f"+7701000000{n}" for n in range(1, 7)]
STRANGER = "+77019999999"
ROLL = "member_id,name,phone,region,language\n" + "".join(
    f"m{n},Участник {n},{phone},Алматы,ru\n" for n, phone in enumerate(PHONES, 1)
)


async def a_whole_election(folder: Path, *, webhook: bool) -> None:
    """Polling and webhook are two ways to the same conversation."""
    async with town(folder, FILE, ROLL, [*PHONES, STRANGER], webhook=webhook) as (program, box):
        first, second = TelegramUser(box, PHONES[0]), TelegramUser(box, PHONES[1])

        # two vote in Telegram
        await first.signs_in()
        await first.presses("Ким Виктор")
        await first.presses("Проголосовать")
        await first.sees("Контрольный код")
        counts = first.hand.chat.counts
        assert counts.sent + counts.edited <= 5
        await second.signs_in()
        await second.presses("Ахметова Айгүл")

        # the program is killed in mid-draft and comes back
        await second.sees("Проверьте")
        await program.stops(signal.SIGKILL)
        await program.starts()
        await second.presses("Проголосовать")
        await second.sees("Контрольный код")

        # one votes by SMS, where the carrier can reach us
        if webhook:
            third = Phone(box, PHONES[2])
            asked = await third.says("ГОЛОС")
            code = re.findall(r"\d{8}", asked)[0]
            assert "Ким Виктор" in await third.says(f"{code} 3")
            assert "Контрольный код" in await third.says("ДА")
            assert "уже проголосовали" in await third.says("ГОЛОС")

        # a second attempt is refused, by whatever door
        first.hand.says("/start")
        await first.sees("уже проголосовали")

        # somebody else's contact is refused, and nobody gets an SMS for it
        thief = TelegramUser(box, PHONES[3])
        victim = TelegramUser(box, PHONES[4])
        thief.hand.says("/start")
        await eventually(lambda: thief.hand.chat.keyboard, "the contact button")
        thief.hand.shares_contact_of(victim.hand.person)
        await thief.sees("не ваш номер")
        thief.hand.forwards_contact(victim.hand.person)
        await eventually(lambda: thief.hand.chat.counts.sent >= 3, "a second refusal")
        assert victim.sms() == [] == thief.sms()

        # a code typed in another chat is refused, and still works in its own
        victim.hand.says("/start")
        await eventually(lambda: victim.hand.chat.keyboard, "the contact button")
        victim.hand.shares_contact()
        stolen = await victim.code()
        thief.hand.shares_contact()
        own = await thief.code()
        assert own != stolen
        thief.hand.says(stolen)
        await thief.sees("Неверный код")
        victim.hand.says(stolen)
        await victim.presses("Сериков Ержан")
        await victim.presses("Проголосовать")
        await victim.sees("Контрольный код")

        # a stranger reads what a member reads, and gets no SMS
        stranger = TelegramUser(box, STRANGER)
        stranger.hand.says("/start")
        await eventually(lambda: stranger.hand.chat.keyboard, "the contact button")
        stranger.hand.shares_contact()
        await stranger.sees("есть в списке участников")

        # every vote is told to the phone on the roll
        for voter in (first, second, victim):
            await eventually(lambda v=voter: any("голос принят" in body for body in v.sms()), "a notice")

        # the turnout, the close, the box
        voted = 4 if webhook else 3
        turnout = program.answers("turnout")
        assert (turnout["electorate"], turnout["voted"], turnout["enrolled"]) == (6, voted, voted)
        assert turnout["by_channel"] == {"telegram": 3, "sms": voted - 3, "paper": 0}
        program.says("election", "close")
        await asyncio.sleep(1.2)
        thief.hand.says(own)
        await thief.sees("завершено")
        shares = [f"--share=shares/share-{n}.json" for n in (2, 4, 5)]
        assert "1 more is needed" in program.says("tally", *shares[:2], "--out", "result", fails=True)
        result = program.answers("tally", *shares, "--out", "result")
        votes = {line["candidate"]: line["votes"] for line in result["contests"][0]["results"]}  # type: ignore[index]
        assert votes == {"101": 1, "102": 1, "103": 1 + (voted - 3)}
        assert result["reconciles"] is True
        again = [f"--share=shares/share-{n}.json" for n in (1, 2, 3)]
        assert program.answers("tally", *again, "--out", "again")["contests"] == result["contests"]

        # by now the stranger would have had one
        assert stranger.sms() == []

        # the journal holds nobody's phone, no name of a candidate, no code
        await program.stops()
        journal = program.log.read_text(encoding="utf-8")
        assert "serving" in journal
        for hidden in (*CANDIDATES, *PHONES, *(phone[1:] for phone in PHONES), stolen, own, "token-of-a-test-town"):
            assert hidden not in journal
