"""The steps of a complaint, each in the caller's transaction and with its complaint held, so that two officers who
decide at once do not both. The promises are election.complaints.Complaints'."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, text, update

from election.complaints import (
    A_DAY,
    ADDED,
    AN_ELECTION,
    FIRST,
    Addition,
    Complaint,
    Decision,
    Filing,
    Outcome,
    Question,
    Step,
    decided_already,
    follows,
    remind_at,
    unknown,
)
from election.errors import ComplaintDecided, NoSuchComplaint, TooManyComplaints
from storage.durable.broadcasts import put_plan
from storage.durable.complaint_rows import by_message, found
from storage.durable.office import propose_act
from storage.durable.schema import complaint, complaint_entry

_DAY = 86_400


def file(connection: Connection, filing: Filing) -> Complaint:
    """As `Complaints.file`."""
    if connection.dialect.name == "postgresql":  # one number after the other, whichever process gives it
        connection.execute(text("LOCK TABLE complaint IN SHARE ROW EXCLUSIVE MODE"))
    known = by_message(connection, filing.message)
    if known is not None:
        return known
    _must_not_be_too_many(connection, filing)
    newest = connection.scalar(select(func.max(complaint.c.number)))
    number = FIRST if newest is None else newest + 1
    connection.execute(
        insert(complaint).values(
            number=number,
            member_id=filing.member_id,
            channel=filing.channel,
            kind=filing.kind,
            pressed=filing.pressed,
            filed_at=filing.now,
            due_at=filing.due_at,
            remind_at=remind_at(filing.now, filing.due_at),
            entries=1,
        )
    )
    _write(
        connection, number, 1, "filed", filing.now, sealed=filing.sealed, channel=filing.channel, message=filing.message
    )
    return found(connection, number)


def _must_not_be_too_many(connection: Connection, filing: Filing) -> None:
    own = (complaint.c.member_id == filing.member_id, complaint.c.channel == filing.channel)
    moments = [moment for (moment,) in connection.execute(select(complaint.c.filed_at).where(*own))]
    if len(moments) >= AN_ELECTION:
        raise TooManyComplaints(today=False)
    if sum((filing.now - moment).total_seconds() < _DAY for moment in moments) >= A_DAY:
        raise TooManyComplaints


def add(connection: Connection, addition: Addition) -> Complaint:
    """As `Complaints.add`."""
    held = _held(connection, addition.number)
    if held is None or held.member_id != addition.member_id:
        raise NoSuchComplaint
    if by_message(connection, addition.message) is not None:
        return found(connection, addition.number)
    state = follows(held.state, "answered")
    if state is None:
        raise ComplaintDecided
    own = (complaint_entry.c.complaint == addition.number, complaint_entry.c.officer == "")
    by_her = connection.scalar(select(func.count()).select_from(complaint_entry).where(*own)) or 0
    if by_her > ADDED:
        raise TooManyComplaints(today=False)
    pressed = held.pressed or addition.pressed
    _step(connection, held, state=state, pressed=pressed)
    _write(
        connection,
        held.number,
        held.entries + 1,
        "answered",
        addition.now,
        sealed=addition.sealed,
        channel=addition.channel,
        message=addition.message,
    )
    return found(connection, held.number)


def ask(connection: Connection, question: Question) -> Complaint:
    """As `Complaints.ask`."""
    held = _taken(connection, question.number, "asked")
    _step(connection, held, state="asked")
    place = held.entries + 1
    _write(connection, held.number, place, "asked", question.now, sealed=question.sealed, officer=question.officer)
    put_plan(connection, question.word, 1)
    return found(connection, held.number)


def assign(connection: Connection, number: int, officer: str, by: str, now: datetime) -> Complaint:
    """As `Complaints.assign`."""
    held = _taken(connection, number, "assigned")
    _step(connection, held, officer=officer)
    _write(connection, number, held.entries + 1, "assigned", now, officer=by, note=officer)
    return found(connection, number)


def decide(connection: Connection, decision: Decision) -> Complaint:
    """As `Complaints.decide`."""
    held = _taken(connection, decision.number, "decided", decision.outcome)
    act = decision.act
    _step(connection, held, state=decision.outcome)
    _write(
        connection,
        held.number,
        held.entries + 1,
        "decided",
        act.at,
        sealed=decision.sealed,
        officer=act.proposer,
        note=decision.outcome,
    )
    propose_act(connection, act)
    put_plan(connection, decision.word, 1)
    return found(connection, held.number)


def _held(connection: Connection, number: int) -> Any:
    """The row of the complaint, until the end of the transaction nobody else's; None if there is none."""
    return connection.execute(
        select(complaint.c.number, complaint.c.member_id, complaint.c.state, complaint.c.pressed, complaint.c.entries)
        .where(complaint.c.number == number)
        .with_for_update()
    ).first()


def _taken(connection: Connection, number: int, step: Step, outcome: Outcome | None = None) -> Any:
    """The complaint, if an officer may take this step."""
    held = _held(connection, number)
    if held is None:
        raise unknown(number)
    if follows(held.state, step, outcome) is None:
        raise decided_already(number)
    return held


def _step(connection: Connection, held: Any, **changed: object) -> None:
    """The complaint after one more entry."""
    connection.execute(
        update(complaint).where(complaint.c.number == held.number).values(entries=held.entries + 1, **changed)
    )


def _write(
    connection: Connection, number: int, place: int, step: Step, now: datetime, *, sealed: bytes = b"", **told: object
) -> None:
    connection.execute(
        insert(complaint_entry).values(complaint=number, place=place, at=now, step=step, sealed=sealed, **told)
    )
