"""Complaints as they are read, each with its place as far as that may be told, and all of them counted."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, select

from election.complaints import WAITING, Complaint, Counts, place_told
from storage.durable.column_types import Count
from storage.durable.schema import branch_count, complaint, complaint_entry, voter

UNDECIDED = complaint.c.state.in_(WAITING)
_ITS_BRANCH = and_(branch_count.c.region == voter.c.region, branch_count.c.branch == voter.c.branch)
_same_region = branch_count.alias("same_region")
_REGION_SIZE = (
    select(func.sum(_same_region.c.electorate).cast(Count))
    .where(_same_region.c.region == voter.c.region)
    .scalar_subquery()
)
COMPLAINT: Select[Any] = select(
    complaint.c.number,
    complaint.c.kind,
    complaint.c.pressed,
    complaint.c.state,
    complaint.c.channel,
    complaint.c.officer,
    complaint.c.filed_at,
    complaint.c.due_at,
    voter.c.region,
    _REGION_SIZE.label("region_size"),
    voter.c.branch,
    branch_count.c.electorate.label("branch_size"),
).select_from(
    complaint.outerjoin(voter, voter.c.member_id == complaint.c.member_id).outerjoin(branch_count, _ITS_BRANCH)
)


def read(row: Any) -> Complaint:
    """The complaint in a row of `COMPLAINT`."""
    region, branch = place_told((row.region or "", row.region_size or 0), (row.branch or "", row.branch_size or 0))
    return Complaint(
        number=row.number,
        kind=row.kind,
        pressed=row.pressed,
        state=row.state,
        channel=row.channel,
        officer=row.officer,
        filed_at=row.filed_at,
        due_at=row.due_at,
        region=region,
        branch=branch,
    )


def found(connection: Connection, number: int) -> Complaint:
    """The complaint with this number, which is there."""
    return read(connection.execute(COMPLAINT.where(complaint.c.number == number)).one())


def by_message(connection: Connection, message: bytes) -> Complaint | None:
    """As `Complaints.by_message`, in the caller's transaction."""
    number = connection.scalar(select(complaint_entry.c.complaint).where(complaint_entry.c.message == message))
    return None if number is None else found(connection, number)


def count_complaints(connection: Connection, now: datetime | None = None) -> Counts:
    """All complaints of the election; how many are due soon or late, where a moment is given."""
    outcomes = [complaint.c.state == outcome for outcome in ("upheld", "rejected", "no-fault")]
    wanted = [UNDECIDED, *outcomes, complaint.c.pressed]
    if now is not None:
        late = complaint.c.due_at <= now
        wanted += [and_(UNDECIDED, complaint.c.remind_at <= now, ~late), and_(UNDECIDED, late)]
    return Counts(
        *map(int, connection.execute(select(func.count(), *map(_number_of, wanted)).select_from(complaint)).one())
    )


def _number_of(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count(case((condition, 1)))
