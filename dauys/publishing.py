"""Bulletins made, kept, and put where the public finds them."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from board.bundle import Contents, publish_board, write_bundle
from dauys.wiring import Hall
from election import bulletin
from election.books import Books
from election.bulletin_rules import PublicKeys
from election.errors import OperatorRefusal

LEAST_VOTES = 10
"""Fewer votes than these wait for the next bulletin: among nine a leaf would be easier to lay at somebody's door."""


async def publish(hall: Hall, now: datetime, *, final: bool = False, result_digest: str = "") -> bytes:
    """Make the next bulletin and keep it; its bytes. Raises OperatorRefusal, `bulletin_refused` with the reasons."""
    _, definition = await hall.election(now)
    keys = await public_keys(hall, now)

    def draw_up(books: Books) -> bytes:
        return bulletin.make(
            books, definition, keys, now, hall.strongroom.signing.sign, final=final, result_digest=result_digest
        )

    return await hall.store.books.publish(draw_up, at_least=0 if final else LEAST_VOTES)


async def put_on_board(hall: Hall, now: datetime, folder: Path, result: bytes | None = None) -> None:
    """Bring the board's folder up to the newest bulletin."""
    await publish_board(folder, await _contents(hall, now, result))


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
        roll=await hall.store.roll.hashes(hall.strongroom.roll_salt),
        keys=await public_keys(hall, now),
        result=result,
        sign=hall.strongroom.signing.sign,
    )


def kept_result(folder: Path) -> bytes | None:
    """The signed result on the board, once there is one."""
    path = folder / "bundle" / "result.json"
    return path.read_bytes() if path.is_file() else None
