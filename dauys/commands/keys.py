"""`dauys keys …`."""

import asyncio
import secrets
from collections.abc import Sequence
from pathlib import Path

from dauys import clock, settings
from dauys.terminal import answer, say
from dauys.wiring import open_hall
from election.errors import OperatorRefusal
from vault.ceremony import hold_ceremony
from vault.shares import Share, write_share

_SEED_BYTES = 16


def ceremony(trustees: int | None, threshold: int | None, out: Path, as_json: bool) -> None:
    """Make the key, write a share for each trustee, keep only the public key. Refused once voting has begun."""

    async def run() -> dict[str, object]:
        async with open_hall(settings.read()) as hall:
            record, definition = await hall.election(clock.now())
            if record.stage != "draft":
                raise OperatorRefusal("wrong_stage", f"The election is {record.stage}; its key cannot change now.")
            commission = definition.commission
            key, shares = hold_ceremony(
                definition.id,
                trustees or commission.trustees,
                threshold or commission.threshold,
                secrets.token_bytes(_SEED_BYTES),
            )
            files = _write(shares, out)
            await hall.store.office.set_public_key(key.public_key, key.commitments, key.threshold)
            return {
                "public_key": key.public_key.hex(),
                "trustees": len(shares),
                "threshold": key.threshold,
                "shares": [str(path) for path in files],
                "commitments": [commitment.hex() for commitment in key.commitments],
            }

    made = asyncio.run(run())
    if as_json:
        answer(made)
        return
    files = made["shares"]
    for number, path in enumerate(files if isinstance(files, list) else [], 1):
        say(f"{path}: for trustee {number}, and for nobody else")
    say(f"Any {made['threshold']} of {made['trustees']} open the box; fewer cannot. The public key is kept:")
    say(str(made["public_key"]))
    say("Give each share to its trustee on a stick of their own and delete it here.")


def _write(shares: Sequence[Share], out: Path) -> list[Path]:
    out.mkdir(parents=True, exist_ok=True, mode=0o700)
    files = [out / f"share-{share.trustee}.json" for share in shares]
    for path in files:
        if path.exists():
            raise OperatorRefusal("file_exists", f"{path} is there already; name an empty folder with --out.")
    for share, path in zip(shares, files, strict=True):
        write_share(share, path)
    return files
