"""What the commission does reaches open chats, channels and phones by itself, while the program runs."""

import re
from pathlib import Path

from tests.outside.subscribers import CHANNEL, WITH_CHANNEL, phones, roll, texts
from tests.outside.town import Phone, TelegramUser, eventually, town


async def test_a_strike_off_a_pause_and_its_end_are_told_everywhere(tmp_path: Path) -> None:
    people = phones(3)
    async with town(tmp_path, WITH_CHANNEL, roll(people), people) as (program, box):
        channel = box.telegram.add_shared("channel", "Turnout", CHANNEL, [])
        anna, boris, plain = TelegramUser(box, people[0]), TelegramUser(box, people[1]), Phone(box, people[2])
        for one in (anna, boris):
            await one.signs_in()
            await one.sees("Выберите одного")
        await anna.presses("Ахметова Айгүл")
        await anna.presses("Проголосовать")
        await anna.sees("Контрольный код")
        (code,) = re.findall(r"\d{8}", await plain.says("ГОЛОС"))
        await plain.says(f"{code} 1")
        await boris.presses("Ахметова Айгүл")
        await boris.sees("Ахметова Айгүл")

        program.says("strike", "102", "--reason", "decision 14")
        await eventually(lambda: "/again" in "".join(texts(box, anna.phone)[-1:]), "who has voted may vote again")
        await eventually(lambda: "сняла с выборов" in texts(box, boris.phone)[-1], "the other is told", boris.text)
        assert all("/again" not in text for text in texts(box, boris.phone))
        await eventually(lambda: any("Ахметова Айгүл" in body for body in plain.inbox()[2:]), "by SMS", plain.inbox)
        (post,) = await eventually(lambda: list(channel.messages.values()), "the channel")
        for words in ("сайлаудан шығарылды", "сняла с выборов", "struck off"):
            assert words in post.content["text"]

        program.says("election", "pause", "--reason", "power")
        await eventually(lambda: "приостановлено" in texts(box, anna.phone)[-1], "the pause", anna.text)
        program.says("election", "resume", "--reason", "power is back")
        await eventually(lambda: "продолжается" in texts(box, anna.phone)[-1], "its end", anna.text)
        await eventually(lambda: len(channel.messages) == 3, "three posts in the channel")
        kinds = [each["kind"] for each in program.answers("broadcast", "list")["broadcasts"]]  # type: ignore[attr-defined]
        assert kinds == ["announcement"] * 3
