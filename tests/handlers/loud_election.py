"""An election that keeps its journal at DEBUG. Run as a program: the journal goes to standard error, and what must
not stand in it to standard output, as JSON."""

import asyncio
import json
import sys
from pathlib import Path

import structlog
from sqlalchemy import text

from dauys import journal
from tests.handlers.places import TEXTS_OF_ALL_SORTS
from tests.voters import RECEIPT, Booth, Voter, booth

NAMES = ["Сериков Ержан", "Ахметова Айгүл", "Ким Виктор", "Сериков", "Ахметова"]
SAID = "голосую за Ахметову, мой секрет 31337"
COMPLAINT = "бригадир Оспанов стоял рядом"


async def main(folder: Path) -> list[str]:
    """Vote at both doors and make a noise; everything that was secret in it."""
    secrets = [*NAMES, SAID, COMPLAINT, "Оспанов"]
    async with booth(folder) as hall:
        for voter in (hall.telegram(1), hall.phone(2)):
            secrets += await _votes(voter)
        secrets += await _fails(hall)
    structlog.get_logger().info("loud_election_over")
    return sorted(set(secrets))


async def _votes(voter: Voter) -> list[str]:
    await voter.says("ГОЛОС")
    if not voter.by_sms:
        await voter.says(SAID)
        await voter.shares_contact()
    code = await voter.code()
    await voter.says(code)
    await voter.says(SAID)
    await voter.says("2")
    for words in TEXTS_OF_ALL_SORTS[:8]:
        await voter.says(words)
    await voter.says("ДА")
    receipt = RECEIPT.findall(voter.shown())[0]
    await voter.says(f"CHECK {receipt}")
    await voter.says(f"ЖАЛОБА {COMPLAINT}")
    return [code, receipt, voter.own_phone, voter.own_phone[1:], *await voter.booth.letters(voter.own_phone)]


async def _fails(hall: Booth) -> list[str]:
    """The store refuses a vote in the middle of its transaction."""
    voter = hall.telegram(3)
    await voter.signs_in()
    await voter.says("2")
    keeper = hall.hall.store.ledger._keeper
    await keeper.write(lambda connection: connection.execute(text("DROP TABLE leaf")))
    await voter.says("ДА")
    voter.is_told("try-again")
    return [voter.own_phone, voter.own_phone[1:], "m000003"]


if __name__ == "__main__":
    journal.keep("DEBUG", [])
    sys.stdout.write(json.dumps(asyncio.run(main(Path(sys.argv[1])))))
