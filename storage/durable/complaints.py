"""Complaints in the store. The promises are election.complaints.Complaints'."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, case, or_, select, update

from election.complaints import Addition, Complaint, Counts, Decision, Entry, Filing, Question
from storage.durable import complaint_steps
from storage.durable.complaint_rows import COMPLAINT, UNDECIDED, by_message, count_complaints, read
from storage.durable.keeper import Keeper
from storage.durable.schema import complaint, complaint_entry

_ENTRIES = select(
    complaint_entry.c.at,
    complaint_entry.c.step,
    complaint_entry.c.officer,
    complaint_entry.c.channel,
    complaint_entry.c.sealed,
    complaint_entry.c.note,
).order_by(complaint_entry.c.place)


class SqlComplaints:
    """election.complaints.Complaints over a keeper."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper

    async def file(self, filing: Filing) -> Complaint:
        """See election.complaints.Complaints."""
        return await self._keeper.write(lambda connection: complaint_steps.file(connection, filing))

    async def add(self, addition: Addition) -> Complaint:
        """See election.complaints.Complaints."""
        return await self._keeper.write(lambda connection: complaint_steps.add(connection, addition))

    async def ask(self, question: Question) -> Complaint:
        """See election.complaints.Complaints."""
        return await self._keeper.write(lambda connection: complaint_steps.ask(connection, question))

    async def assign(self, number: int, officer: str, by: str, now: datetime) -> Complaint:
        """See election.complaints.Complaints."""
        return await self._keeper.write(lambda connection: complaint_steps.assign(connection, number, officer, by, now))

    async def decide(self, decision: Decision) -> Complaint:
        """See election.complaints.Complaints."""
        return await self._keeper.write(lambda connection: complaint_steps.decide(connection, decision))

    async def complaint(self, number: int) -> Complaint | None:
        """See election.complaints.Complaints."""
        found = await self._list(COMPLAINT.where(complaint.c.number == number))
        return found[0] if found else None

    async def by_message(self, message: bytes) -> Complaint | None:
        """See election.complaints.Complaints."""
        return await self._keeper.read(lambda connection: by_message(connection, message))

    async def hers(self, member_id: str) -> Sequence[Complaint]:
        """See election.complaints.Complaints."""
        own = COMPLAINT.where(complaint.c.member_id == member_id)
        return await self._list(own.order_by(complaint.c.number.desc()))

    async def whose(self, number: int) -> str:
        """See election.complaints.Complaints."""
        statement = select(complaint.c.member_id).where(complaint.c.number == number)
        return await self._keeper.read(lambda connection: connection.scalar(statement) or "")

    async def entries(self, number: int) -> Sequence[Entry]:
        """See election.complaints.Complaints."""
        statement = _ENTRIES.where(complaint_entry.c.complaint == number)

        def look(connection: Connection) -> Sequence[Entry]:
            return [
                Entry(row.at, row.step, row.officer, row.channel, bytes(row.sealed), row.note)
                for row in connection.execute(statement)
            ]

        return await self._keeper.read(look)

    async def queue(self, *, decided: bool, most: int, start: int = 0) -> Sequence[Complaint]:
        """See election.complaints.Complaints."""
        turn = (complaint.c.number.desc(),) if decided else (complaint.c.due_at, complaint.c.number)
        wanted = COMPLAINT.where(~UNDECIDED if decided else UNDECIDED)
        return await self._list(wanted.order_by(*turn).limit(most).offset(start))

    async def counts(self, now: datetime) -> Counts:
        """See election.complaints.Complaints."""
        return await self._keeper.read(lambda connection: count_complaints(connection, now))

    async def remind(self, now: datetime) -> int:
        """See election.complaints.Complaints."""
        soon, late = complaint.c.remind_at <= now, complaint.c.due_at <= now
        statement = (
            update(complaint)
            .where(UNDECIDED, or_(and_(soon, complaint.c.reminded < 1), and_(late, complaint.c.reminded < 2)))
            .values(reminded=case((late, 2), else_=1))
        )
        return await self._keeper.write(lambda connection: connection.execute(statement).rowcount)

    async def erase(self) -> int:
        """See election.complaints.Complaints."""

        def change(connection: Connection) -> int:
            connection.execute(update(complaint_entry).values(sealed=b"", message=None))
            return connection.execute(update(complaint).values(member_id="")).rowcount

        erased = await self._keeper.write(change)
        await self._keeper.forget_deleted()
        return erased

    async def _list(self, statement: Select[Any]) -> list[Complaint]:
        return await self._keeper.read(lambda connection: [read(row) for row in connection.execute(statement)])
