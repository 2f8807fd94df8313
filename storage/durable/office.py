"""The store as the commission and the operator need it. The promises are election.ports.Office's."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, Table, bindparam, delete, func, insert, or_, select, update

from election.deeds.deed import about_of, must_be_approvable
from election.errors import OperatorRefusal
from election.leaf import act_digest
from election.ports import Act, BoxCount, ElectionRecord, Extra, Stage
from storage.durable.cut import cut_envelopes
from storage.durable.deeds import EFFECTS
from storage.durable.deeds.done import Done
from storage.durable.deeds.voting import move_stage
from storage.durable.keeper import Keeper
from storage.durable.leaves import put_leaves
from storage.durable.ledger import read_election
from storage.durable.roll import roll_digest, row_hashes
from storage.durable.schema import act as acts
from storage.durable.schema import branch_count, election, envelope, share_commitment, urn, voter
from storage.durable.seals import BROKEN

_ACT: Select[Any] = select(
    acts.c.number,
    acts.c.at,
    acts.c.kind,
    acts.c.payload,
    acts.c.reason,
    acts.c.proposer,
    acts.c.approver,
    acts.c.state,
    acts.c.expires_at,
)
_SEAL = select(acts.c.seal).where(acts.c.number == bindparam("number"))
_URN = select(urn.c.sealed_ballot).order_by(urn.c.key)
_STYLES = select(
    branch_count.c.region,
    branch_count.c.branch,
    branch_count.c.electorate,
    branch_count.c.telegram + branch_count.c.sms,
).order_by(branch_count.c.region, branch_count.c.branch)


class SqlOffice:
    """election.ports.Office over a keeper."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper

    async def load_election(self, definition: str, digest: str) -> None:
        """See election.ports.Office."""
        await self._keeper.write(lambda connection: _in_draft(connection, {"definition": definition, "digest": digest}))

    async def set_public_key(self, public_key: bytes, commitments: Sequence[bytes], threshold: int) -> None:
        """See election.ports.Office."""
        kept = tuple(commitments)

        def change(connection: Connection) -> None:
            _in_draft(connection, {"public_key": public_key, "threshold": threshold})
            connection.execute(delete(share_commitment))
            connection.execute(
                insert(share_commitment),
                [{"trustee": number, "commitment": each} for number, each in enumerate(kept, start=1)],
            )

        await self._keeper.write(change)

    async def commitments(self) -> tuple[int, Sequence[bytes]]:
        """See election.ports.Office."""

        def look(connection: Connection) -> tuple[int, Sequence[bytes]]:
            kept = connection.scalars(select(share_commitment.c.commitment).order_by(share_commitment.c.trustee))
            return connection.execute(select(election.c.threshold)).scalar_one(), tuple(kept)

        return await self._keeper.survey(look)

    async def freeze_roll(self, salt: Callable[[str], bytes], now: datetime) -> ElectionRecord:
        """See election.ports.Office. Raises OperatorRefusal `no_election`, or `no_roll` for an empty roll."""
        return await self._keeper.write(lambda connection: _freeze_roll(connection, salt, now))

    async def roll_as_it_is(self, salt: Callable[[str], bytes]) -> Extra:
        """See election.ports.Office."""
        return await self._keeper.survey(lambda connection: _roll_as_it_is(connection, salt))

    async def propose(self, act: Act) -> int:
        """See election.ports.Office."""
        return await self._keeper.write(lambda connection: propose_act(connection, act))

    async def act(self, number: int) -> Act | None:
        """See election.ports.Office."""
        found = await self._acts(_ACT.where(acts.c.number == number))
        return found[0] if found else None

    async def acts(self, state: str = "") -> Sequence[Act]:
        """See election.ports.Office."""
        ordered = _ACT.order_by(acts.c.number)
        return await self._acts(ordered.where(acts.c.state == state) if state else ordered)

    async def decide(self, number: int, approver: str, now: datetime) -> Act:
        """See election.ports.Office. Codes: `no_such_act`, `act_not_pending`, `act_too_old`, `same_person`."""
        return await self._keeper.write(lambda connection: decide_act(connection, number, approver, now))

    async def enact(self, act: Act, extra: Extra, now: datetime) -> Act:
        """See election.ports.Office."""
        return await self._keeper.write(lambda connection: _enact(connection, act, extra, now))

    async def move(self, expected: Sequence[Stage], stage: Stage, now: datetime) -> bool:
        """See election.ports.Office. Without an election there is nothing to move."""
        return await self._keeper.write(lambda connection: move_stage(connection, expected, stage, now))

    async def box(self) -> BoxCount:
        """See election.ports.Office."""

        def look(connection: Connection) -> BoxCount:
            voted = select(func.count()).where(voter.c.right == "voted")
            return BoxCount(connection.execute(voted).scalar_one(), _size(connection, envelope), _size(connection, urn))

        return await self._keeper.survey(look)

    async def cut(self, pseudonym: Callable[[str], bytes]) -> int:
        """See election.ports.Office. Raises OperatorRefusal `not_closed`.

        StoreUnavailable while another process reads an older state: then the ballots are in the urn, and repeating
        it wipes what is left of the envelopes in the file.
        """
        moved = await self._keeper.write(lambda connection: cut_envelopes(connection, pseudonym))
        await self._keeper.forget_deleted()
        return moved

    async def urn(self) -> Sequence[bytes]:
        """See election.ports.Office."""
        return await self._keeper.survey(lambda connection: connection.scalars(_URN).all())

    async def styles(self) -> Sequence[tuple[str, str, int, int]]:
        """See election.ports.Office."""
        return await self._keeper.survey(
            lambda connection: [(row[0], row[1], row[2], row[3]) for row in connection.execute(_STYLES)]
        )

    async def _acts(self, statement: Select[Any]) -> list[Act]:
        return await self._keeper.read(lambda connection: [Act(*row) for row in connection.execute(statement)])


def read_acts(connection: Connection, state: str) -> list[Act]:
    """The acts in this state, in order."""
    return [Act(*row) for row in connection.execute(_ACT.where(acts.c.state == state).order_by(acts.c.number))]


def _in_draft(connection: Connection, values: dict[str, object]) -> None:
    changed = connection.execute(update(election).where(election.c.stage == "draft").values(values))
    if changed.rowcount != 1:
        raise OperatorRefusal(
            "not_draft", "The election has been opened, and from then on its definition and its keys stand."
        )


def _freeze_roll(connection: Connection, salt: Callable[[str], bytes], now: datetime) -> ElectionRecord:
    connection.execute(select(election.c.id).with_for_update())  # an import and a freeze wait for each other
    record = read_election(connection)
    if record is None:
        raise OperatorRefusal("no_election", "No election is loaded: run `dauys election load FILE` first.")
    if record.roll_frozen_at is None:
        if _size(connection, voter) == 0:
            raise OperatorRefusal("no_roll", "Nobody is on the roll: run `dauys roll import FILE` first.")
        digest = roll_digest(row_hashes(connection, salt))
        connection.execute(update(election).values(roll_frozen_at=now, roll_digest=digest))
    frozen = read_election(connection)
    return record if frozen is None else frozen


def _roll_as_it_is(connection: Connection, salt: Callable[[str], bytes]) -> Extra:
    record = read_election(connection)
    if record is None or record.roll_frozen_at is not None:
        return {}
    digest = roll_digest(row_hashes(connection, salt))
    return {"roll_version": str(record.roll_version).encode(), "roll_digest": digest.encode()}


def decide_act(connection: Connection, number: int, approver: str, now: datetime) -> Act:
    """As `Office.decide`, in the caller's transaction; the act's leaf is put down."""
    decided = connection.execute(
        update(acts)
        .where(
            acts.c.number == number,
            acts.c.state == "pending",
            acts.c.proposer != approver,
            or_(acts.c.expires_at.is_(None), acts.c.expires_at > now),
        )
        .values(state="done", approver=approver, decided_at=now)
    )
    row = connection.execute(_ACT.where(acts.c.number == number)).first()
    if row is None:
        raise OperatorRefusal("no_such_act", f"There is no proposal {number}: `dauys election status` lists them.")
    act = Act(*row)
    if decided.rowcount == 1:
        if connection.execute(_SEAL, {"number": number}).scalar_one() == BROKEN:
            raise OperatorRefusal(
                "proposal_altered",
                f"Proposal {number} is not as it was written: propose it again, and look who did it.",
            )
        _put_leaf(connection, act)
        return act
    must_be_approvable(act, approver, now)
    raise OperatorRefusal("act_not_pending", f"Proposal {number} could not be approved: propose it again.")


def _enact(connection: Connection, act: Act, extra: Extra, now: datetime) -> Act:
    if act.number:
        done = decide_act(connection, act.number, act.approver, now)
    else:
        done = replace(act, number=propose_act(connection, act))
    EFFECTS[done.kind](connection, Done(done, about_of(done), extra, now))
    return done


def propose_act(connection: Connection, act: Act) -> int:
    """Append it; an act that is done already is a leaf of the log."""
    statement = (
        insert(acts)
        .values(
            at=act.at,
            kind=act.kind,
            payload=act.payload,
            reason=act.reason,
            proposer=act.proposer,
            approver=act.approver,
            state=act.state,
            expires_at=act.expires_at,
        )
        .returning(acts.c.number)
    )
    number = int(connection.execute(statement).scalar_one())
    if act.state == "done":
        _put_leaf(connection, replace(act, number=number))
    return number


def _put_leaf(connection: Connection, act: Act) -> None:
    """Its key need not be random: who acted, and when, is public. It is the hash of what it stands for."""
    digest = act_digest(act)
    put_leaves(connection, [(digest[:16], "action", digest)])


def _size(connection: Connection, table: Table) -> int:
    return connection.execute(select(func.count()).select_from(table)).scalar_one()
