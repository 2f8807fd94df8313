"""One member at both doors at once, again and again."""

import asyncio
from pathlib import Path

from tests.voters import RECEIPT, TEXTS, booth


async def hammer_both_doors(folder: Path, *, rounds: int, attempts: int) -> None:
    """In each round another member presses Cast in Telegram and sends YES by SMS, half of the attempts each, all at
    once. Exactly one vote is counted, and every attempt is told the same receipt."""
    async with booth(folder, members=rounds) as hall:
        for number in range(1, rounds + 1):
            chat, phone = hall.telegram(number), hall.phone(number)
            await chat.signs_in()
            await chat.says("1")
            hall.hand.moves(minutes=1)
            await phone.signs_in()
            await phone.says(f"{await phone.code()} 2")
            press = chat.button(TEXTS.said("ru", "cast"))
            messages = [chat.message(press=press, screen="1") for _ in range(attempts // 2)]
            messages += [phone.message(text="ДА") for _ in range(attempts // 2)]
            answers = await asyncio.gather(*(hall.desk.hear(message) for message in messages))
            told = [RECEIPT.findall(answer[0].text) for answer in answers if answer]
            assert len({receipt for found in told for receipt in found}) == 1
            assert all(told), "each attempt that is answered is told the same receipt"
            assert await hall.box() == (number, number, number)
