"""Votes into the box on SQLite."""

import sqlite3
from collections.abc import Sequence

from election.definition import Channel
from election.ports import Cast
from storage.durable.casting import one_of_each, outcomes, refusal
from storage.durable.column_types import microseconds
from storage.durable.turnout_counts import ADD_ON, additions

_USE_RIGHTS = """UPDATE voter SET "right" = 'voted', voted_by = ?
                 WHERE member_id IN ({}) AND "right" = 'open'
                   AND EXISTS (SELECT 1 FROM election WHERE stage = 'open')
                 RETURNING member_id, region"""
_PUT_ENVELOPE = "INSERT INTO envelope (key, pseudonym, sealed_ballot) VALUES (?, ?, ?)"
_PUT_RECEIPT = """INSERT INTO receipt (digest, count) VALUES (?, 1)
                  ON CONFLICT (digest) DO UPDATE SET count = receipt.count + 1"""
_PUT_NOTICES = "INSERT INTO outbox (kind, sealed_phone, sealed_body, due_at, expires_at) VALUES {}"
_NOTICES_A_STATEMENT = 64  # SQLite makes the lists of a CHECK anew for each statement: half of what a row costs
_STAGE = "SELECT stage FROM election"
_KNOWN = "SELECT 1 FROM voter WHERE member_id = ?"


def cast_each(driver: sqlite3.Connection, casts: Sequence[Cast]) -> Sequence[Exception | None]:
    """One outcome for each vote: see storage.durable.casting."""
    wishes = one_of_each(casts)
    regions = _use_rights(driver, list(wishes.values()))
    taken = [cast for member, cast in wishes.items() if member in regions]
    if taken:
        driver.executemany(_PUT_ENVELOPE, [(cast.envelope_key, cast.pseudonym, cast.sealed_ballot) for cast in taken])
        driver.executemany(_PUT_RECEIPT, [(cast.receipt_digest,) for cast in taken])
        for first in range(0, len(taken), _NOTICES_A_STATEMENT):
            _put_notices(driver, taken[first : first + _NOTICES_A_STATEMENT])
        driver.executemany(ADD_ON["sqlite"], additions((regions[cast.member_id], cast.channel) for cast in taken))
    refused = {member: _why_not(driver, member) for member in wishes if member not in regions}
    return outcomes(casts, taken, refused)


def _use_rights(driver: sqlite3.Connection, casts: Sequence[Cast]) -> dict[str, str]:
    """The region of each member whose right was used."""
    by_channel: dict[Channel, list[str]] = {}
    for cast in casts:
        by_channel.setdefault(cast.channel, []).append(cast.member_id)
    regions: dict[str, str] = {}
    for channel, members in by_channel.items():
        marks = ", ".join("?" * len(members))
        regions.update(driver.execute(_USE_RIGHTS.format(marks), (channel, *members)).fetchall())
    return regions


def _put_notices(driver: sqlite3.Connection, casts: Sequence[Cast]) -> None:
    values: list[str | bytes | int | None] = []
    for letter in (cast.notice for cast in casts):
        values += letter.kind, letter.sealed_phone, letter.sealed_body
        values += microseconds(letter.due_at), microseconds(letter.expires_at)
    driver.execute(_PUT_NOTICES.format(", ".join(["(?, ?, ?, ?, ?)"] * len(casts))), values)


def _why_not(driver: sqlite3.Connection, member: str) -> Exception:
    (stage,) = driver.execute(_STAGE).fetchone()
    return refusal(stage, known=driver.execute(_KNOWN, (member,)).fetchone() is not None)
