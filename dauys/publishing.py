"""Bulletins made, kept, and put where the public finds them."""

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from board.bundle import Contents, write_bundle
from board.chart import drawn
from board.folder import publish_board
from dauys.wiring import Hall
from election import bulletin, timetable
from election.books import Books
from election.bulletin_rules import PublicKeys
from election.errors import OperatorRefusal
from storage.durable.roll import roll_digest

LEAST_VOTES = 10
"""Fewer votes than these wait for the next bulletin: among nine a leaf would be easier to lay at somebody's door."""


async def publish(
    hall: Hall, now: datetime, *, final: bool = False, result_digest: str = "", inspected: bool = False
) -> bytes:
    """Make the next bulletin and keep it; its bytes. `inspected`: the store has just been looked at. Raises
    OperatorRefusal: StoreDamaged with the tables, or `bulletin_refused` with the reasons."""
    if not inspected:
        await hall.must_be_whole()
    _, definition = await hall.election(now)
    keys = await public_keys(hall, now)

    def draw_up(books: Books) -> bytes:
        return bulletin.make(
            books, definition, keys, now, hall.strongroom.signing.sign, final=final, result_digest=result_digest
        )

    return await hall.store.books.publish(draw_up, at_least=0 if final else LEAST_VOTES)


async def overdue(hall: Hall, now: datetime) -> Sequence[str]:
    """Why the bulletin that the timetable asks for is not there yet, a sentence each; nothing where none is due."""
    record, definition = await hall.election(now)
    made = [json.loads(body) for body in await hall.store.books.bulletins()]
    last = datetime.fromisoformat(made[-1]["at"]) if made else None
    if not timetable.is_due(definition, record, last, now, final=bool(made and made[-1]["final"])):
        return []
    keys, books = await public_keys(hall, now), await hall.store.books.books()
    try:
        bulletin.make(books, definition, keys, now, hall.strongroom.signing.sign)
    except bulletin.BulletinRefused as refused:
        return [str(refused)]
    return ["A bulletin is due; the clock makes it at its next look, while `dauys run` is running."]


async def put_on_board(hall: Hall, now: datetime, folder: Path, result: bytes | None = None) -> None:
    """Bring the board's folder up to the newest bulletin."""
    contents = await _contents(hall, now, result)
    await publish_board(
        folder, contents, lambda language: drawn(contents.bulletins, language, contents.definition.timezone)
    )


async def export(hall: Hall, now: datetime, folder: Path, result: bytes | None = None) -> None:
    """Write the bundle that anybody can verify."""
    await write_bundle(folder, await _contents(hall, now, result))


async def public_keys(hall: Hall, now: datetime) -> PublicKeys:
    """The keys as the public has them."""
    record, _ = await hall.election(now)
    threshold, commitments = await hall.store.office.commitments()
    return PublicKeys(record.public_key, threshold, commitments, hall.strongroom.signing.public_key)


async def _contents(hall: Hall, now: datetime, result: bytes | None) -> Contents:
    _, definition = await hall.election(now)
    bulletins: Sequence[bytes] = await hall.store.books.bulletins()
    if not bulletins:
        raise OperatorRefusal("no_bulletin", "Nothing is published yet; begin with `dauys bulletin publish`.")
    return Contents(
        definition=definition,
        bulletins=bulletins,
        leaves=hall.store.books.leaves,
        roll=await _roll_of(hall, bulletins[-1]),
        keys=await public_keys(hall, now),
        result=result,
        sign=hall.strongroom.signing.sign,
    )


async def _roll_of(hall: Hall, newest: bytes) -> Sequence[bytes]:
    """The hashes of the roll that this bulletin names; only the newest version of a roll is kept."""
    hashes = await hall.store.roll.hashes(hall.strongroom.roll_salt)
    if roll_digest(hashes) != json.loads(newest)["roll_digest"]:
        raise OperatorRefusal(
            "roll_ahead", "The roll has changed since the newest bulletin; run `dauys bulletin publish` first."
        )
    return hashes


def kept_result(folder: Path) -> bytes | None:
    """The signed result on the board, once there is one."""
    path = folder / "bundle" / "result.json"
    return path.read_bytes() if path.is_file() else None
