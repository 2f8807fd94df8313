"""`dauys tally`: the cut, the opening and the count. Needs the store, the shares and no network."""

import asyncio
import csv
import json
from collections.abc import Sequence
from pathlib import Path

from dauys import clock, settings
from dauys.terminal import answer, say, table
from dauys.wiring import Hall, open_hall
from election import tally
from election.definition import Definition
from election.errors import OperatorRefusal, StoreUnavailable
from election.ports import BoxCount
from vault.ceremony import ElectionKey, join
from vault.errors import VaultError
from vault.sealing import Opener
from vault.shares import read_share

_CUT_TRIES = 20
_CUT_PAUSE = 0.25


def count(share_files: Sequence[Path], out: Path, as_json: bool) -> None:
    """Open the box and count; `out` gets result.json and result.csv. May be repeated: the result is the same."""
    shares = [read_share(path) for path in share_files]

    async def run() -> tuple[Definition, tally.Result, BoxCount]:
        async with open_hall(settings.read()) as hall:
            record, definition = await hall.election(clock.now())
            if record.stage not in {"closed", "counted"}:
                raise OperatorRefusal(
                    "wrong_stage", f"The election is {record.stage}; close it first with `dauys election close`."
                )
            threshold, commitments = await hall.store.office.commitments()
            if record.public_key is None:
                raise OperatorRefusal("no_keys", "This election has no key, so there is nothing to open.")
            key = ElectionKey(definition.id, record.public_key, threshold, tuple(commitments))
            private_key = join(shares, key)
            await asyncio.to_thread(out.mkdir, parents=True, exist_ok=True)  # before the cut: that cannot be undone
            return await _opened(hall, definition, private_key)

    definition, result, box = asyncio.run(run())
    problems = tally.reconcile(result, box.voted, box.urn)
    found = tally.as_json(result, problems)
    _write(out, definition, result, found)
    if as_json:
        answer(found)
    else:
        _show(result, problems, out)


async def _opened(hall: Hall, definition: Definition, private_key: bytes) -> tuple[Definition, tally.Result, BoxCount]:
    """Strip, shuffle and forget who is who; only then open."""
    now = clock.now()
    await _cut(hall)
    hall.strongroom.destroy_envelope_key(definition.id)
    opener = Opener(private_key)
    sealed = await hall.store.office.urn()
    result = tally.count(definition, (_plain(opener, each) for each in sealed))
    await hall.store.office.move(("closed",), "counted", now)
    return definition, result, await hall.store.office.box()


async def _cut(hall: Hall) -> None:
    """A program that still serves may be reading the old state for a moment; the cut repeats harmlessly."""
    shuffle_key = hall.strongroom.token(32)
    for _ in range(_CUT_TRIES - 1):
        try:
            await hall.store.office.cut(shuffle_key)
        except StoreUnavailable:
            await asyncio.sleep(_CUT_PAUSE)
        else:
            return
    await hall.store.office.cut(shuffle_key)


def _plain(opener: Opener, sealed: bytes) -> bytes:
    try:
        return opener.open(sealed)
    except VaultError:
        return b""  # counted as a void ballot, never skipped


def _write(out: Path, definition: Definition, result: tally.Result, found: dict[str, object]) -> None:
    whole = {"election": definition.id, "rules_hash": definition.digest, **found}
    (out / "result.json").write_text(json.dumps(whole, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    with (out / "result.csv").open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(tally.csv_rows(result))


def _show(result: tally.Result, problems: Sequence[str], out: Path) -> None:
    for contest in result.contests:
        rows = [(line.rank, line.candidate.name.said("ru"), line.votes) for line in contest.results]
        title = f"{contest.title.said('ru')}: {contest.cast} ballots, {contest.blank} blank, {contest.void} void"
        table(title, ("rank", "candidate", "votes"), rows)
    say(f"Cast {result.cast} = counted {result.counted} + void {result.void_ballots}.")
    for problem in problems:
        say(problem)
    say("It reconciles." if not problems else "IT DOES NOT RECONCILE.")
    say(f"Written: {out / 'result.json'}, {out / 'result.csv'}")
