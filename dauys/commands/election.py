"""`dauys election …` and `dauys approve`."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from dauys import clock, publishing, settings
from dauys.commands import complaint, roll_change
from dauys.terminal import answer, say, table
from dauys.wiring import Hall, open_hall
from election.ballot import ballot_size
from election.commission import may_decide
from election.damage import Damage, StoreDamaged
from election.deeds.deed import about_of
from election.definition import Definition
from election.election_file import example, parse
from election.errors import OperatorRefusal
from election.ports import Act, ElectionRecord
from election.roll_change import KIND as ROLL_CHANGE
from election.rulings import struck
from election.standing import Standing

_NEVER_SHOWN = frozenset({"phone_key", "sealed", "digits"})
"""Particulars that are for the program, or for the member's own phone, alone."""


def new(folder: Path) -> None:
    """Write the example file; a file that is there is never overwritten."""
    path = folder / "election.toml"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(example())
    except FileExistsError:
        raise OperatorRefusal("file_exists", f"{path} is there already; edit it, or name another folder.") from None
    say(f"{path} is written. Edit it, then: dauys election load {path}")


def load(file: Path, as_json: bool) -> None:
    """Check and load."""
    try:
        text = file.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        raise OperatorRefusal("not_utf8", f"{file} is not UTF-8 text; save it as UTF-8.") from None
    definition = parse(text)

    async def run() -> None:
        async with open_hall(settings.read()) as hall:
            await hall.store.office.load_election(text, definition.digest)

    asyncio.run(run())
    if as_json:
        answer({"election": definition.id, "contests": len(definition.contests), "digest": definition.digest})
        return
    say(f"{definition.title.said('en')} ({definition.id}) is loaded: {len(definition.contests)} contests.")
    say(f"Rules hash: {definition.digest}")


def propose(kind: str, who: str, reason: str, as_json: bool) -> None:
    """Propose an act, which is done at once where one person is enough."""

    async def run() -> Act:
        async with open_hall(settings.read()) as hall:
            return await hall.commission.propose(kind, who, reason, clock.now())

    said_act(asyncio.run(run()), as_json)


def approve(number: int, who: str, as_json: bool) -> None:
    """Do what was proposed."""

    async def run() -> Act:
        async with open_hall(settings.read()) as hall:
            act = await hall.store.office.act(number)
            if act is not None and act.kind == ROLL_CHANGE:
                return await roll_change.approve(hall, act, who)
            return await hall.commission.approve(number, who, clock.now())

    said_act(asyncio.run(run()), as_json)


def status(as_json: bool) -> None:
    """Where the election stands, once the store has been inspected: a damaged one is all there is to say."""

    async def run() -> dict[str, object]:
        async with open_hall(settings.read()) as hall:
            await hall.must_be_whole()
            record, definition = await hall.election(clock.now())
            return await _standing(hall, record, definition)

    try:
        found = asyncio.run(run())
    except StoreDamaged as damaged:
        if as_json:
            answer({"inspection": _inspection(damaged.found, str(damaged))})
        raise
    if as_json:
        answer(found | {"inspection": _inspection((), "")})
        return
    table(str(found["title"]), ("", ""), [(name, _shown(value)) for name, value in found.items() if name != "title"])
    say("Inspection: every row of the store is as dauys left it.")


async def _standing(hall: Hall, record: ElectionRecord, definition: Definition) -> dict[str, object]:
    regions = await hall.store.ledger.turnout()
    threshold, commitments = await hall.store.office.commitments()
    styles = await hall.store.office.styles()
    box = await hall.store.office.box()
    now, closes = clock.now(), Standing(record, definition).closes
    open_proposals = [
        {"proposal": act.number, "kind": act.kind, "by": act.proposer, **_told(act)}
        for act in await hall.commission.waiting(now)
    ]
    return {
        "title": definition.title.said("en"),
        "election": definition.id,
        "state": record.stage,
        "opens": definition.opens.isoformat() if definition.opens else None,
        "closes": closes.astimezone(ZoneInfo(definition.timezone)).isoformat() if closes else None,
        "struck": {contest: sorted(candidates) for contest, candidates in struck(record.rulings).items()},
        "opened_at": record.opened_at.isoformat(timespec="seconds") if record.opened_at else None,
        "closed_at": record.closed_at.isoformat(timespec="seconds") if record.closed_at else None,
        "rules_hash": record.digest,
        "roll_version": record.roll_version,
        "roll_frozen": record.roll_frozen_at is not None,
        "roll_hash": record.roll_digest,
        "electorate": sum(region.electorate for region in regions),
        "enrolled": sum(region.enrolled for region in regions),
        "voted": sum(region.telegram + region.sms + region.paper for region in regions),
        "envelopes": box.standing,
        "urn": box.urn,
        "ballot_bytes": ballot_size(definition),
        "trustees": len(commitments),
        "threshold": threshold,
        "two_person": definition.commission.two_person,
        "proposals": open_proposals,
        "missing": _missing(record, styles),
        "warnings": [
            *_warnings(definition, styles),
            *await publishing.overdue(hall, now),
            *await complaint.warnings(hall, now),
        ],
    }


def _told(act: Act) -> dict[str, object]:
    """What is proposed, for those who are to approve it."""
    if act.kind == ROLL_CHANGE:
        return roll_change.told(act)
    about = about_of(act)
    hidden = _NEVER_SHOWN
    if about.get("ticket"):  # who complained is nobody's business: she is the member of this complaint
        hidden |= {"member"}
    return {**{name: value for name, value in about.items() if name not in hidden}, "reason": act.reason}


def _inspection(found: Sequence[Damage], said: str) -> dict[str, object]:
    return {
        "in_order": not found,
        "damaged": [{"table": each.table, "rows": each.rows} for each in found],
        "said": said,
    }


def _missing(record: ElectionRecord, styles: object) -> list[str]:
    missing = []
    if not styles:
        missing.append("The roll is empty: dauys roll import FILE")
    if record.public_key is None:
        missing.append("There is no key: dauys keys ceremony --out DIR")
    return missing


def _warnings(definition: Definition, styles: object) -> list[str]:
    rows = list(styles) if isinstance(styles, list | tuple) else []
    deciding = may_decide(definition.commission)
    lone = definition.commission.two_person and len(deciding) < 2
    regions = {region for region, *_ in rows}
    found = []
    if lone:
        found.append(
            f"two_person = true, but {len(deciding) or 'none'} of the members may decide (organiser, committee): "
            "nothing can be opened by hand until a second one is in the file."
        )
    for contest in definition.contests:
        unknown = sorted((contest.regions or frozenset()) - regions) if rows else []
        if unknown:
            found.append(f"Contest {contest.id}: nobody on the roll is in {', '.join(unknown)}.")
    without = sum(members for region, branch, members, _ in rows if not definition.style(region, branch))
    if without:
        found.append(f"{without} members have no contest to vote in.")
    return found


def said_act(act: Act, as_json: bool) -> None:
    """What became of a guarded act: it waits, or it is done."""
    if as_json:
        answer({"proposal": act.number, "state": act.state})
    elif act.state == "pending":
        say(f"Proposal {act.number}: {act.kind}, by {act.proposer}. It waits 30 minutes for another person:")
        say(f"dauys approve {act.number} --as NAME")
    else:
        say(f"Done: {act.kind}, proposed by {act.proposer}, approved by {act.approver} (record {act.number}).")


def _shown(value: object) -> str:
    if isinstance(value, list):
        return "\n".join(str(each) for each in value) or "-"
    if isinstance(value, dict):
        return "\n".join(f"{name}: {', '.join(each)}" for name, each in value.items()) or "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "-" if value is None or value == "" else str(value)
