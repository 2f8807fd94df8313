"""Votes into the box on SQLite."""

import sqlite3
from collections.abc import Sequence
from functools import cache

from election.definition import Channel
from election.leaf import ballot_digest
from election.ports import Cast
from storage.durable.casting import KEY_BYTES, one_of_each, outcomes, refusal
from storage.durable.column_types import microseconds
from storage.durable.leaves import PUT_ON_SQLITE
from storage.durable.seals_sqlite import seal_of_changed, seal_of_new
from storage.durable.turnout_counts import count_on_sqlite

_VOTED = {"right": "'voted'", "voted_by": "?1", "casts": "1", "redo_from": "?2", "ruling": "?3"}
_USE_RIGHTS = f"""UPDATE voter SET "right" = 'voted', voted_by = ?1, casts = 1, redo_from = ?2, ruling = ?3,
                    seal = {seal_of_changed("voter", **_VOTED)}
                  WHERE member_id IN ({{}}) AND "right" = 'open'
                    AND EXISTS (SELECT 1 FROM election WHERE stage = 'open')
                  RETURNING member_id, region, branch"""  # noqa: S608
_ENVELOPE_SEAL = seal_of_new("envelope", key="?1", pseudonym="?2", sealed_ballot="?3")
_PUT_ENVELOPE = f"""INSERT INTO envelope (key, pseudonym, sealed_ballot, seal)
                    VALUES (?1, ?2, ?3, {_ENVELOPE_SEAL})"""  # noqa: S608
_LAST_NOTICE = "SELECT coalesce(max(id), 0) FROM outbox"
_NOTICE = ("id", "kind", "sealed_phone", "sealed_body", "due_at", "expires_at")
_NOTICES_A_STATEMENT = 64  # SQLite makes the lists of a CHECK anew for each statement: half of what a row costs
_STAGE = "SELECT stage FROM election"
_KNOWN = "SELECT 1 FROM voter WHERE member_id = ?"


def cast_each(driver: sqlite3.Connection, casts: Sequence[Cast]) -> Sequence[Exception | None]:
    """One outcome for each vote: see storage.durable.casting."""
    wishes = one_of_each(casts)
    homes = _use_rights(driver, list(wishes.values()))
    taken = [cast for member, cast in wishes.items() if member in homes]
    if taken:
        digests = [ballot_digest(cast.sealed_ballot) for cast in taken]
        envelopes = [
            (digest[:KEY_BYTES], cast.pseudonym, cast.sealed_ballot)
            for cast, digest in zip(taken, digests, strict=True)
        ]
        driver.executemany(_PUT_ENVELOPE, sorted(envelopes))
        receipts = [(cast.leaf_keys[0], "cast", cast.receipt_digest) for cast in taken]
        ballots = [(cast.leaf_keys[1], "ballot", digest) for cast, digest in zip(taken, digests, strict=True)]
        driver.executemany(PUT_ON_SQLITE, sorted(receipts + ballots))
        for first in range(0, len(taken), _NOTICES_A_STATEMENT):
            _put_notices(driver, taken[first : first + _NOTICES_A_STATEMENT])
        count_on_sqlite(
            driver,
            [(*homes[cast.member_id], cast.channel, 1) for cast in taken],
            [(cast.now, cast.channel) for cast in taken],
            [(cast.now, *homes[cast.member_id], 0) for cast in taken],
        )
    refused = {member: _why_not(driver, member) for member in wishes if member not in homes}
    return outcomes(casts, taken, refused)


def _use_rights(driver: sqlite3.Connection, casts: Sequence[Cast]) -> dict[str, tuple[str, str]]:
    """The region and branch of each member whose right was used."""
    alike: dict[tuple[Channel, int | None, int], list[str]] = {}
    for cast in casts:  # a wait ends on the full minute and rulings are few, so few differ
        alike.setdefault((cast.channel, microseconds(cast.redo_from), cast.ruling), []).append(cast.member_id)
    homes: dict[str, tuple[str, str]] = {}
    for vote, members in alike.items():
        marks = ", ".join("?" * len(members))
        used = driver.execute(_USE_RIGHTS.format(marks), (*vote, *members))
        homes |= {member: (region, branch) for member, region, branch in used.fetchall()}
    return homes


def _put_notices(driver: sqlite3.Connection, casts: Sequence[Cast]) -> None:
    values: list[str | bytes | int | None] = []
    (last,) = driver.execute(_LAST_NOTICE).fetchone()
    for number, letter in enumerate((cast.notice for cast in casts), start=last + 1):
        values += number, letter.kind, letter.sealed_phone, letter.sealed_body
        values += microseconds(letter.due_at), microseconds(letter.expires_at)
    driver.execute(_put(len(casts)), values)


@cache
def _put(notices: int) -> str:
    """The statement that queues so many, each with its number, which is under its seal."""
    rows = []
    for first in range(1, notices * len(_NOTICE), len(_NOTICE)):
        marks = {column: f"?{place}" for place, column in enumerate(_NOTICE, start=first)}
        rows.append(f"({', '.join(marks.values())}, {seal_of_new('outbox', **marks)})")
    return f"INSERT INTO outbox ({', '.join(_NOTICE)}, seal) VALUES {', '.join(rows)}"  # noqa: S608


def _why_not(driver: sqlite3.Connection, member: str) -> Exception:
    (stage,) = driver.execute(_STAGE).fetchone()
    return refusal(stage, known=driver.execute(_KNOWN, (member,)).fetchone() is not None)
