"""A change of the frozen roll, by a file: proposed by one person, done at another one's word."""

import hashlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from dauys import clock
from dauys.commands.roll_reading import read_roll
from dauys.settings import Settings
from dauys.terminal import answer, say
from dauys.wiring import Hall, open_hall
from election.errors import OperatorRefusal
from election.ports import Act
from election.roll_change import Difference, RollChangeProposal, must_be_as_proposed, must_be_possible
from storage.durable.roll_change import Phones
from storage.roll_files.roll import open_roll
from storage.roll_files.staging import Staging


async def propose(options: Settings, path: Path, mapping: Mapping[str, str], who: str, reason: str) -> Act:
    """Hold the file against the roll and propose what it changes; done at once where one person is enough."""
    async with (
        open_hall(options) as hall,
        _held_against(hall, path, mapping, options.DEFAULT_REGION) as (staging, found, sha256),
    ):
        must_be_possible(found)
        change = RollChangeProposal(
            str(path), sha256, dict(mapping), options.DEFAULT_REGION, found.added, found.changed
        )

        async def apply(act: Act) -> Act:
            return await _apply(hall, act, found, staging)

        return await hall.commission.propose_roll_change(change, apply, who, reason, clock.now())


async def approve(hall: Hall, act: Act, who: str) -> Act:
    """Read the file again and do what was proposed. Raises OperatorRefusal `roll_file_changed` for another file."""
    change = RollChangeProposal.of(act)

    async def apply(approved: Act) -> Act:
        if approved.state != "pending":
            return await hall.store.office.decide(approved.number, approved.approver, clock.now())  # says why not
        path = Path(change.file)
        async with _held_against(hall, path, change.map, change.default_region) as (staging, found, sha256):
            if sha256 != change.sha256:
                raise OperatorRefusal(
                    "roll_file_changed",
                    f"{path} is not the file that was proposed: its hash is {sha256[:12]}…, not {change.sha256[:12]}….",
                )
            must_be_possible(found)
            must_be_as_proposed(change, found)
            return await _apply(hall, approved, found, staging)

    return await hall.commission.approve_roll_change(act.number, apply, who, clock.now())


def told(act: Act) -> dict[str, object]:
    """What a change of the roll proposes, for those who are to approve it."""
    change = RollChangeProposal.of(act)
    return {"file": change.file, "sha256": change.sha256, "changes": change.said, "reason": act.reason}


def say_proposed(act: Act, as_json: bool) -> None:
    """What was proposed, or done."""
    change = RollChangeProposal.of(act)
    if as_json:
        numbers = {"added": change.added, "changed": change.changed, "sha256": change.sha256}
        answer({"proposal": act.number, "state": act.state, **numbers})
        return
    say(f"The roll is frozen; this would change it: {change.said}. SHA-256 of the file: {change.sha256}")
    if act.state == "pending":
        say(f"Proposal {act.number}, by {act.proposer}. It waits 30 minutes for another person, and the file with it:")
        say(f"dauys approve {act.number} --as NAME")
    else:
        say(f"Done (record {act.number}); the next bulletin tells of it.")


async def _apply(hall: Hall, act: Act, found: Difference, staging: Staging) -> Act:
    strongroom = hall.strongroom
    phones = Phones(strongroom.phone_key, strongroom.seal_phone, strongroom.roll_salt)
    return await hall.store.roll_changes.apply(act, found, staging.members(), phones, clock.now())


@asynccontextmanager
async def _held_against(
    hall: Hall, path: Path, mapping: Mapping[str, str], default_region: str
) -> AsyncIterator[tuple[Staging, Difference, str]]:
    """The members of the file who differ from the roll, in what, and the file's SHA-256. It is hashed before and after
    it was read, so that what was read is what was hashed."""
    sha256 = _sha256(path)
    with Staging() as staging:
        read_roll(open_roll(path, mapping=mapping, default_region=default_region), staging)
        if _sha256(path) != sha256:
            raise OperatorRefusal("roll_file_changed", f"{path} was changed while it was read; try again.")
        found = await hall.store.roll_changes.difference(
            staging.members(), hall.strongroom.phone_key, staging.leave_out
        )
        yield staging, found, sha256


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
