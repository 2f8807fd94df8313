"""Members who have signed in already, and what arrives in their chats; for what is sent to many."""

from collections import Counter
from collections.abc import Sequence

from dauys.settings import Settings
from dauys.wiring import open_hall
from rehearsal.box import Box
from tests.outside.town import TOKEN, Program
from tests.voters import FILE

CHANNEL = "@turnout"
WITH_CHANNEL = FILE.replace("[commission]", f'[bulletins]\nchannels = ["{CHANNEL}"]\n[commission]')
LANGUAGES = ("kk", "ru", "en")


def phones(number: int) -> list[str]:
    return [f"+7701{n:07d}" for n in range(1, number + 1)]


def roll(numbers: Sequence[str]) -> str:
    """A roll of these phones, a third of them in each language."""
    rows = [f"m{n:06d},Участник {n},{phone},Алматы,{LANGUAGES[n % 3]}\n" for n, phone in enumerate(numbers, 1)]
    return "member_id,name,phone,region,language\n" + "".join(rows)


async def all_sign_in(program: Program, box: Box, numbers: Sequence[str]) -> None:
    """Bind each member's account and open her chat, without the conversation that leads there."""
    settings = Settings(
        _env_file=None,
        DATABASE_URL=f"sqlite:///{program.folder}/var/dauys.sqlite3",
        SECRET_KEY_FILE=program.folder / "var" / "secret-keys.json",
    )
    async with open_hall(settings) as hall:
        for n, phone in enumerate(numbers, 1):
            account = str(box.hand(phone, TOKEN).person.telegram_id)
            await hall.store.ledger.enrol(f"m{n:06d}", "telegram", account, TOKEN.partition(":")[0])


def received(box: Box, phone: str, words: str = "") -> int:
    """How many messages of the bot with these words stand in her chat."""
    return sum(words in said for said in texts(box, phone))


def texts(box: Box, phone: str) -> list[str]:
    messages = box.hand(phone, TOKEN).chat.messages.values()
    return [m.content.get("text") or m.content.get("caption") or "" for m in messages if m.from_bot]


def copies(box: Box, numbers: Sequence[str], words: str) -> Counter[int]:
    """How many members got these words how often."""
    return Counter(received(box, phone, words) for phone in numbers)
