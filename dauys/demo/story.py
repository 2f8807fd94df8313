"""The story of the demo: prepare, open, vote, close, count."""

import asyncio
import contextlib
import json
import signal
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random  # noqa: TID251 - a story told the same way each time, nothing secret

import aiohttp
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from dauys.demo import roll
from dauys.demo.election import election_file
from dauys.demo.roll import Person
from dauys.demo.stage import Stage
from dauys.terminal import console, say
from dauys.wiring import open_hall
from election.errors import OperatorRefusal
from rehearsal.crowd import Member, Outcome, Results, crowd

_AT_ONCE = 24
_STAY_HOME = 0.1
_CLOSED = {"en": "Voting is closed.", "ru": "Голосование завершено.", "kk": "Дауыс беру аяқталды."}


def hold(members: int, once: bool, port: int, database_url: str = "", redis_url: str = "") -> None:
    """Hold an election. With `once` or without a terminal it ends by itself; else the page stays until Ctrl-C."""
    alone = once or not sys.stdin.isatty()
    chance = Random(2026)  # noqa: S311 - see above
    people = list(roll.invent(members, chance))
    with (
        tempfile.TemporaryDirectory(prefix="dauys-demo-") as folder,
        Stage(Path(folder), port, database_url, redis_url) as stage,
        contextlib.suppress(KeyboardInterrupt),
    ):
        _prepare(stage, people)
        _open(stage, people)
        failed = _vote(stage, people, chance)
        if not alone:
            say(f"\nYour turn: {stage.page} - pick a member who has not voted, and vote by either handset.")
            say(f"The board: {stage.board}")
            with contextlib.suppress(EOFError):
                input("Press Enter to close the voting and open the box. ")
        _close_and_count(stage)
        if failed:
            raise OperatorRefusal("demo_failed", f"{failed} members could not vote; this should not happen.")
        if not alone:
            say(f"\nThe page stays at {stage.page} and the board at {stage.board} until you press Ctrl-C.")
            signal.pause()


def _prepare(stage: Stage, people: Sequence[Person]) -> None:
    say("[1] The election file, the roll and the keys")
    (stage.folder / "election.toml").write_text(election_file(), encoding="utf-8")
    roll.write(people, stage.folder / "roll.csv")
    stage.says("election", "load", "election.toml")
    counts = stage.answers("roll", "import", "roll.csv")
    say(
        f"    {counts['members']} members, {counts['can_vote_by_phone']} can vote by phone, "
        f"{counts['no_phone']} without a phone, {counts['landline']} with a fixed line"
    )
    stage.says("keys", "ceremony", "--out", "shares")
    say("    five trustees hold a share of the key, any three open the box")


def _open(stage: Stage, people: Sequence[Person]) -> None:
    say("[2] A Telegram and a phone network on loopback, and the program itself")
    cards = [
        {"name": p.name, "phone": p.e164, "language": p.language, "region": p.region, "channel": p.channel}
        for p in people
        if p.channel != "none"
    ]
    (stage.folder / "people.json").write_text(json.dumps(cards), encoding="utf-8")
    stage.raise_the_world()
    stage.raise_the_program()
    proposed = stage.answers("election", "open", "--as", "Aigerim", "--reason", "the hour has come")
    stage.says("approve", str(proposed["proposal"]), "--as", "Viktor")
    say("    opened: proposed by Aigerim, approved by Viktor")
    stage.says("bulletin", "publish")
    stage.raise_the_board()
    say(f"    what observers see: {stage.board}")


def _vote(stage: Stage, people: Sequence[Person], chance: Random) -> int:
    """Let the crowd vote; how many could not."""
    voters = [p for p in people if p.channel != "none" and chance.random() > _STAY_HOME]
    members = [Member(p.e164, p.channel, p.language) for p in voters]
    say("[3] Voting")
    say(f"    two handsets are waiting for you: {stage.page}")
    columns = (TextColumn("    {task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("members have voted", total=len(members))
        results = asyncio.run(_crowd(stage, members, chance, lambda done: progress.update(task, completed=done)))
    say(f"    {results.voted} of {len(members)} simulated members voted and saw their receipt")
    for reason, count in results.reasons.most_common():
        say(f"    {count} did not: {reason}")
    say(stage.says("bulletin", "publish"))
    return results.failed


async def _crowd(stage: Stage, members: Sequence[Member], chance: Random, moved: Callable[[int], None]) -> Results:
    def on_progress(_: Outcome, results: Results) -> None:
        moved(results.voted + results.failed)

    watching = asyncio.ensure_future(_show_turnout(stage))
    try:
        return await crowd(stage.page, members, _AT_ONCE, on_progress, rng=chance)
    finally:
        watching.cancel()


async def _show_turnout(stage: Stage) -> None:
    """The turnout as it moves, from the counters beside the votes, at the top of the page."""
    async with open_hall(stage.settings) as hall, aiohttp.ClientSession() as session:
        while True:
            regions = await hall.store.ledger.turnout()
            voted = sum(region.telegram + region.sms for region in regions)
            await _tell_page(session, stage, _turnout(voted, sum(region.electorate for region in regions)))
            await asyncio.sleep(0.5)


def _close_and_count(stage: Stage) -> None:
    say("[4] Close, open the box with three shares, count")
    say(stage.says("turnout"))
    proposed = stage.answers("election", "close", "--as", "Viktor", "--reason", "the hour has come")
    stage.says("approve", str(proposed["proposal"]), "--as", "Aigerim")
    shares = [f"--share=shares/share-{number}.json" for number in (1, 3, 4)]
    say(stage.says("tally", *shares, "--out", "result"))
    result = json.loads((stage.folder / "result" / "result.json").read_text(encoding="utf-8"))
    say("[5] Anybody may check it: the public bundle, verified with nothing but the key")
    exported = stage.answers("export", "bundle")
    say(stage.says("verify", "bundle", "--key", str(exported["public_key"])).rstrip())

    async def tell() -> None:
        async with aiohttp.ClientSession() as session:
            await _tell_page(session, stage, {"lines": [_CLOSED]})

    asyncio.run(tell())
    if not result["reconciles"]:
        raise OperatorRefusal("demo_failed", "The count does not reconcile; this should not happen.")


async def _tell_page(session: aiohttp.ClientSession, stage: Stage, state: dict[str, object]) -> None:
    with contextlib.suppress(aiohttp.ClientError):
        async with session.post(f"{stage.page}/state", json=state):
            pass


def _turnout(voted: int, electorate: int) -> dict[str, object]:
    line = {
        "en": f"{voted} of {electorate} on the roll have voted",
        "ru": f"Проголосовали {voted} из {electorate} в списке участников",
        "kk": f"Дауыс бергендер: {voted}, тізімде барлығы {electorate}",
    }
    return {"lines": [line], "share": voted / electorate}
