"""Votes into the box on SQLite."""

import sqlite3
from collections.abc import Sequence

from election.definition import Channel
from election.leaf import ballot_digest
from election.ports import Cast
from storage.durable.casting import KEY_BYTES, one_of_each, outcomes, refusal
from storage.durable.column_types import microseconds
from storage.durable.turnout_counts import ADD_ON, additions

_USE_RIGHTS = """UPDATE voter SET "right" = 'voted', voted_by = ?, casts = 1, redo_from = ?
                 WHERE member_id IN ({}) AND "right" = 'open'
                   AND EXISTS (SELECT 1 FROM election WHERE stage = 'open')
                 RETURNING member_id, region"""
_PUT_ENVELOPE = "INSERT INTO envelope (key, pseudonym, sealed_ballot) VALUES (?, ?, ?)"
_PUT_LEAF = "INSERT INTO leaf (key, kind, digest) VALUES (?, ?, ?)"
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
        digests = [ballot_digest(cast.sealed_ballot) for cast in taken]
        envelopes = [
            (digest[:KEY_BYTES], cast.pseudonym, cast.sealed_ballot)
            for cast, digest in zip(taken, digests, strict=True)
        ]
        driver.executemany(_PUT_ENVELOPE, sorted(envelopes))
        receipts = [(cast.leaf_keys[0], "cast", cast.receipt_digest) for cast in taken]
        ballots = [(cast.leaf_keys[1], "ballot", digest) for cast, digest in zip(taken, digests, strict=True)]
        driver.executemany(_PUT_LEAF, sorted(receipts + ballots))
        for first in range(0, len(taken), _NOTICES_A_STATEMENT):
            _put_notices(driver, taken[first : first + _NOTICES_A_STATEMENT])
        driver.executemany(ADD_ON["sqlite"], additions((regions[cast.member_id], cast.channel) for cast in taken))
    refused = {member: _why_not(driver, member) for member in wishes if member not in regions}
    return outcomes(casts, taken, refused)


def _use_rights(driver: sqlite3.Connection, casts: Sequence[Cast]) -> dict[str, str]:
    """The region of each member whose right was used."""
    alike: dict[tuple[Channel, int | None], list[str]] = {}
    for cast in casts:  # a wait ends on the full minute, so few differ
        alike.setdefault((cast.channel, microseconds(cast.redo_from)), []).append(cast.member_id)
    regions: dict[str, str] = {}
    for (channel, redo_from), members in alike.items():
        marks = ", ".join("?" * len(members))
        regions.update(driver.execute(_USE_RIGHTS.format(marks), (channel, redo_from, *members)).fetchall())
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
