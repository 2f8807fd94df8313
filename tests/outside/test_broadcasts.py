"""Broadcasts by the real program: whom they reach, and that being killed loses nobody."""

import signal
from pathlib import Path

from rehearsal.faults import Fault
from tests.outside.subscribers import CHANNEL, WITH_CHANNEL, all_sign_in, copies, phones, roll, texts
from tests.outside.town import TOKEN, TelegramUser, eventually, town

WORDS = ("--text-kk", "Сәлем", "--text-ru", "Привет", "--text-en", "Hello")
FAST = {"TELEGRAM_PER_SECOND": "200"}


async def test_a_bulletin_reaches_the_channel_and_each_member_in_her_language(tmp_path: Path) -> None:
    people = phones(4)
    async with town(tmp_path, WITH_CHANNEL, roll(people), people) as (program, box):
        channel = box.telegram.add_shared("channel", "Turnout", CHANNEL, [])
        await all_sign_in(program, box, people[:3])
        program.says("bulletin", "publish")
        planned = program.answers("broadcast", "bulletin", "1", "--yes")
        assert planned["recipients"] == {"channels": 1, "telegram": 3}
        await eventually(lambda: all(texts(box, phone) for phone in people[:3]), "three members have it")
        await eventually(lambda: program.answers("broadcast", "show", "1")["state"] == "done", "it has ended")

        said = {phone: texts(box, phone)[0] for phone in people[:3]}
        assert "Сводка 1" in said[people[0]]
        assert "Bulletin 1" in said[people[1]]
        assert "Мәлімет нөмірі: 1" in said[people[2]]
        assert all("0 " in text and "4" in text for text in said.values())
        (post,) = channel.messages.values()
        assert all(words in post.content["caption"] for words in ("Сводка 1", "Bulletin 1", "Мәлімет нөмірі: 1"))
        assert texts(box, people[3]) == [], "who has not signed in has no chat with us"

        # a picture is uploaded once a language; the channel has the one in Kazakh
        pictures = [m.content["photo"][0]["file_id"] for m in channel.messages.values()]
        for phone in people[:3]:
            pictures += [m.content["photo"][0]["file_id"] for m in box.hand(phone, TOKEN).chat.messages.values()]
        assert len(set(pictures)) == len(box.telegram.files) == 3
        shown = program.answers("broadcast", "show", "1")
        assert (shown["sent"], shown["expected"], shown["failed"]) == (4, 4, 0)


async def test_killed_in_the_middle_a_broadcast_loses_nobody_and_doubles_only_what_was_under_way(
    tmp_path: Path,
) -> None:
    people = phones(300)
    async with town(tmp_path, WITH_CHANNEL, roll(people), people, served=False, settings=FAST) as (program, box):
        await all_sign_in(program, box, people)
        blocked = people[::20]
        for phone in blocked:
            box.hand(phone, TOKEN).chat.blocked = True
        box.faults.add(Fault("bot_api", "too_many", only="sendMessage", rate=0.02, times=3))
        box.faults.add(Fault("bot_api", "server_error", only="sendMessage", rate=0.02, times=None))
        planned = program.answers("broadcast", "send", *WORDS, "--to", "telegram", "--yes")
        assert planned["recipients"] == {"telegram": 300}

        def sent() -> int:
            return sum(number * members for number, members in copies(box, people, "/stop").items())

        await program.starts()
        await eventually(lambda: sent() >= 100, "100 are sent", sent)
        await program.stops(signal.SIGKILL)
        await program.starts()
        await eventually(lambda: program.answers("broadcast", "show", "1")["state"] == "done", "it has ended", sent)

        reachable = [phone for phone in people if phone not in blocked]
        got = copies(box, reachable, "/stop")
        assert got[0] == 0, "nobody is left out"
        assert sum(number - 1 for number in got.elements()) <= 200, got
        assert copies(box, blocked, "/stop") == {0: len(blocked)}
        shown = program.answers("broadcast", "show", "1")
        assert shown["blocked"] == len(blocked)
        assert shown["failed"] == 0


async def test_an_organiser_sends_her_words_in_the_chat_and_sees_them_arrive(tmp_path: Path) -> None:
    people, organiser = phones(50), "+77770000001"
    file = WITH_CHANNEL.replace(
        "two_person = false",
        f'two_person = false\n[[commission.member]]\nname = "Aigerim"\nrole = "organiser"\nphone = "{organiser}"',
    )
    slow = {"TELEGRAM_PER_SECOND": "10"}
    async with town(tmp_path, file, roll(people), [*people, organiser], settings=slow) as (program, box):
        channel = box.telegram.add_shared("channel", "Turnout", CHANNEL, [])
        await all_sign_in(program, box, people)
        aigerim = TelegramUser(box, organiser)
        aigerim.hand.says("/staff")
        await eventually(lambda: aigerim.hand.chat.keyboard, "the contact button")
        aigerim.hand.shares_contact()
        aigerim.hand.says(await aigerim.code())
        await aigerim.presses("Сообщить многим")
        await aigerim.presses("Свой текст")
        for number, words in enumerate(("Сәлем", "Привет", "Hello")):
            await aigerim.sees(("Қазақша", "Русский", "English")[number])
            aigerim.hand.says(words)
        await aigerim.presses("Сначала посмотреть")
        await aigerim.sees("Участники в Telegram: 50")
        await aigerim.presses("Отправить")

        # from here on she presses nothing, and no message is added: the screen itself moves
        seen: set[str] = set()
        sent = aigerim.hand.chat.counts.sent

        def ended() -> bool:
            seen.add(aigerim.text())
            return "Рассылка 1 завершена" in aigerim.text()

        await eventually(ended, "it has ended before her eyes", aigerim.text)
        assert any("Рассылка 1 идёт" in text and "Осталось" in text for text in seen), seen
        assert "100 %" in aigerim.text()
        assert aigerim.hand.chat.counts.sent == sent
        assert copies(box, people, "/stop") == {1: 50}
        (post,) = channel.messages.values()
        assert post.content["text"] == "Сәлем\n\nПривет\n\nHello"
