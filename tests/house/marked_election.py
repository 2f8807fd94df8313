"""A whole election in which every secret is a marked one. Run as a program: the journal at DEBUG goes to standard
error, and what must be in no file to standard output, as JSON. All files are copied at three moments: with drafts under
way, with the ballots in the box (database, log and index of the log open), and after count, bulletin and export."""

import asyncio
import base64
import json
import os
import shutil
import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any
from unittest.mock import patch

import structlog
from prometheus_client import generate_latest
from sqlalchemy import func, select

from dauys import journal
from dauys.__main__ import main as dauys
from dauys.metrics import Counted
from election.ballot import encode
from election.election_file import parse
from election.ports import Withdrawal
from storage.durable.schema import envelope
from tests.ballots import contest, election
from tests.voters import TEXTS, Booth, Voter, booth
from vault.envelopes import key_path
from vault.shares import write_share

IDS = ["qzjxalpha", "qzjxbravo", "qzjxcargo"]
NAMES = ["Вжщэкальфа", "Вжщэкбраво", "Вжщэккарго"]
FILE = election(contest("chair", NAMES))
for _number, _marker in enumerate(IDS, 1):
    FILE = FILE.replace(f'"chair-{_number}"', f'"{_marker}"')
CHOICES = [1] * 9 + [2] * 4 + [3] * 2 + [0]
"""As many votes for each as for no other: what is kept of them would be there so many times."""


async def vote(folder: Path, kept: Path) -> dict[str, Any]:
    """All who vote, by both doors, one of them twice, one then on paper; the secrets of it."""
    async with booth(folder, file=FILE, members=len(CHOICES)) as hall:
        hall.desk = Counted(hall.desk)  # type: ignore[assignment]
        voters = [(hall.telegram if n % 2 else hall.phone)(n) for n in range(1, len(CHOICES) + 1)]
        for voter, choice in zip(voters, CHOICES, strict=True):
            await _marks(voter, choice)
        copy(folder, kept / "drafts")
        for voter in voters:
            await voter.says("ДА")
            voter.is_told("in-the-box")
        await _again(voters[0])
        await _to_paper(hall)
        (folder / "metrics.txt").write_bytes(generate_latest())
        copy(folder, kept / "box")
        secrets = await _secrets(hall, folder)
        await hall.closes()
        shares = folder.parent / "shares"
        shares.mkdir()
        for share in hall.shares:
            write_share(share, shares / f"{share.trustee}.json")
    return secrets


async def _marks(voter: Voter, choice: int) -> None:
    await voter.signs_in()
    if voter.by_sms:
        await voter.says(f"{await voter.code()} {choice}")
        return
    await voter.says("вжщэк")  # a search finds all of them
    await voter.says(str(choice))


async def _again(voter: Voter) -> None:
    """She votes once more, for the third instead of the first."""
    voter.booth.hand.moves(hours=2, minutes=1)
    await voter.presses(TEXTS.said("ru", "vote-again-once"))
    await voter.says(await voter.code())
    await voter.says("3")
    await voter.says("ДА")
    voter.is_told("in-the-box")


async def _to_paper(hall: Booth) -> None:
    strongroom = hall.hall.strongroom
    out = Withdrawal("m000002", strongroom.pseudonym("primaries", "m000002"), 1, os.urandom(16), bytes(32), hall.hand())
    await hall.hall.store.ledger.hand_out_paper(out)


async def _secrets(hall: Booth, folder: Path) -> dict[str, Any]:
    definition = parse(FILE)
    ballots = [encode(definition, {"chair": (each,) if each else ()}) for each in (*IDS, "")]
    k_env = base64.b64decode(json.loads(key_path(folder, "primaries").read_text())["key"])
    members = [f"m{number:06d}" for number in range(1, len(CHOICES) + 1)]
    lengths = select(func.length(envelope.c.sealed_ballot)).distinct()
    return {
        "ballots": [each.hex() for each in ballots],
        "head": ballots[0][:8].hex(),
        "k_env": k_env.hex(),
        "pseudonyms": [hall.hall.strongroom.pseudonym("primaries", each).hex() for each in members],
        "lengths": await hall.hall.store.ledger._keeper.read(lambda rows: rows.execute(lengths).scalars().all()),
    }


def copy(folder: Path, to: Path) -> None:
    """Every file as it is on the disk now."""
    shutil.copytree(folder, to)


def count(folder: Path) -> None:
    """What the operator types after the close."""
    settings = {
        "DATABASE_URL": f"sqlite:///{folder}/dauys.sqlite3",
        "SECRET_KEY_FILE": str(folder / "keys.json"),
        "BOARD_DIR": str(folder / "board"),
    }
    shares = [word for number in (1, 3, 5) for word in ("--share", str(folder.parent / f"shares/{number}.json"))]
    commands = (["bulletin", "publish"], ["tally", *shares, "--out", str(folder / "result")])
    for words in (*commands, ["export", str(folder / "bundle")], ["verify", str(folder / "bundle")]):
        with (
            patch.dict(os.environ, settings),
            patch.object(sys, "argv", ["dauys", *words]),
            (folder / "said.txt").open("a") as said,
            redirect_stdout(said),
        ):
            try:
                dauys()
            except SystemExit as end:
                if end.code:
                    raise


def main(folder: Path) -> None:
    """The election in `folder / "var"`, its copies in `folder / "kept"`."""
    journal.keep("DEBUG", [])
    var = folder / "var"
    var.mkdir()
    secrets = asyncio.run(vote(var, folder / "kept"))
    count(var)
    copy(var, folder / "kept" / "counted")
    structlog.get_logger().debug("marked_election_over")
    sys.stdout.write(json.dumps(secrets))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
