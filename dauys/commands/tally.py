"""`dauys tally`: the cut, the opening and the count. Needs the store, the shares and no network."""

import asyncio
import csv
import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from dauys import clock, publishing, settings
from dauys.commands.urn_file import write_urn
from dauys.terminal import answer, notes, say, table
from dauys.wiring import Hall, open_hall
from election import tally
from election.bulletin_result import published
from election.damage import StoreDamaged
from election.definition import Definition
from election.errors import OperatorRefusal, StoreUnavailable
from election.paper import wrong_accounts
from election.paper_count import joined
from election.ports import ElectionRecord
from election.rulings import struck
from vault.ceremony import ElectionKey, join
from vault.errors import VaultError
from vault.sealing import Opener
from vault.shares import read_share

_CUT_TRIES = 20
_CUT_PAUSE = 0.25


def count(share_files: Sequence[Path], out: Path, as_json: bool) -> None:
    """Open the box and count; `out` gets result.json, result.csv, the signed result and the urn for a recount. May be
    repeated: the result is the same."""
    shares = [read_share(path) for path in share_files]
    options = settings.read()

    async def run() -> tuple[Definition, tally.Result, list[str]]:
        async with open_hall(options) as hall:
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
            counts = await hall.paper.counts()
            if not as_json:
                _warn_of_the_window(record, definition)
            damage = await hall.store.books.inspect()  # the cut seals anew what it moves
            result, out_of_it = await _opened(hall, definition, private_key)
            write_urn(out / "urn.txt", record.definition, key, await hall.store.office.urn(), out_of_it)
            result = joined(result, definition, counts, sum(each.cast for each in await hall.paper.stations()))
            trustees = sorted(share.trustee for share in shares)
            problems = await _published(hall, options.BOARD_DIR, definition, result, out, trustees)
            told = [str(StoreDamaged(damage))] if damage else []
            return definition, result, told + [each for each in problems if each not in told]

    definition, result, problems = asyncio.run(run())
    found = tally.as_json(result, problems)
    write_result(out, definition, result, found)
    if as_json:
        answer(found)
    else:
        show_result(result, problems, out)


def _warn_of_the_window(record: ElectionRecord, definition: Definition) -> None:
    end = record.closed_at + definition.policy.void_window if record.closed_at else None
    if record.stage == "closed" and end is not None and clock.now() < end:
        notes.print(
            f"Members could have withdrawn their votes until {end:%H:%M %d.%m} UTC; opening the box ends that now."
        )


async def _opened(
    hall: Hall, definition: Definition, private_key: bytes
) -> tuple[tally.Result, Mapping[str, frozenset[str]]]:
    """Strip, shuffle and forget who is who; only then open. And who was struck off: after the cut that stays so."""
    now = clock.now()
    await _cut(hall, definition.id)
    hall.strongroom.destroy_envelope_key(definition.id)
    opener = Opener(private_key)
    sealed = await hall.store.office.urn()
    record = await hall.store.ledger.election()
    out_of_it = struck(record.rulings) if record else {}
    result = tally.count(definition, (plain(opener, each) for each in sealed), out_of_it)
    await hall.store.office.move(("closed",), "counted", now)
    return result, out_of_it


async def _published(
    hall: Hall, board: Path, definition: Definition, result: tally.Result, out: Path, trustees: Sequence[int]
) -> list[str]:
    """Sign the result, publish it with the last bulletin, and say what does not add up. On record it is the act of the
    trustees whose shares these were."""
    now = clock.now()
    told = published(definition, result, hall.strongroom.signing.sign)
    await asyncio.to_thread((out / "result.signed.json").write_bytes, told)
    refused: list[str] = []
    digest = hashlib.sha256(told).hexdigest()
    books = await hall.store.books.books()
    if books.last is None or json.loads(books.last)["result_digest"] != digest:
        try:
            await hall.must_be_whole()
            await hall.commission.note_publication(digest, trustees, now)
            await publishing.publish(hall, now, final=True, result_digest=digest, inspected=True)
        except OperatorRefusal as refusal:
            refused = [str(refusal)]
        books = await hall.store.books.books()
    if not refused:
        await publishing.put_on_board(hall, now, board, told)
    return (
        refused
        + wrong_accounts(books.stations)
        + tally.reconcile(
            result,
            books.placed["cast"] + books.waiting["cast"],
            books.urn,
            superseded=books.placed["redo"] + books.waiting["redo"],
            withdrawn=books.placed["void"] + books.waiting["void"],
            paper=books.paper_over,
        )
    )


async def _cut(hall: Hall, election: str) -> None:
    """A program that still serves may be reading the old state for a moment; the cut repeats harmlessly."""

    def pseudonym(member_id: str) -> bytes:
        return hall.strongroom.pseudonym(election, member_id)

    for _ in range(_CUT_TRIES - 1):
        try:
            await hall.store.office.cut(pseudonym)
        except StoreUnavailable:
            await asyncio.sleep(_CUT_PAUSE)
        else:
            return
    await hall.store.office.cut(pseudonym)


def plain(opener: Opener, sealed: bytes) -> bytes:
    """The ballot; empty for one that cannot be opened."""
    try:
        return opener.open(sealed)
    except VaultError:
        return b""  # counted as a void ballot, never skipped


def write_result(out: Path, definition: Definition, result: tally.Result, found: dict[str, object]) -> None:
    """result.json and result.csv."""
    whole = {"election": definition.id, "rules_hash": definition.digest, **found}
    (out / "result.json").write_text(json.dumps(whole, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    with (out / "result.csv").open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(tally.csv_rows(result))


def show_result(result: tally.Result, problems: Sequence[str], out: Path) -> None:
    """The result on the terminal."""
    for contest in result.contests:
        rows = [(line.rank or "struck off", line.candidate.name.said("ru"), line.votes) for line in contest.results]
        title = f"{contest.title.said('ru')}: {contest.cast} ballots, {contest.blank} blank, {contest.void} void"
        table(title, ("rank", "candidate", "votes"), rows)
    say(f"Cast {result.cast} = counted {result.counted} + void {result.void_ballots}.")
    if result.paper:
        say(f"Beside these, ballots on paper: {result.paper}.")
    for problem in problems:
        say(problem)
    say("It reconciles." if not problems else "IT DOES NOT RECONCILE.")
    say(f"Written: {out / 'result.json'}, {out / 'result.csv'}")
