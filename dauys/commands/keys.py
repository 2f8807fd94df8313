"""`dauys keys …`."""

import asyncio
import secrets
from collections.abc import Sequence
from pathlib import Path

from dauys import clock, settings
from dauys.terminal import answer, say
from dauys.wiring import open_hall
from election.ballot import ballot_size
from election.errors import OperatorRefusal
from vault.ceremony import ElectionKey, hold_ceremony, must_open
from vault.shares import Share, read_share, write_share

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


def rehearse(share_files: Sequence[Path], as_json: bool) -> None:
    """Open a test ballot with these shares, and put on record that it was done. Nothing secret is written anywhere.

    Refused once voting has begun: shares that meet on the machine of the box could open it.
    """
    shares = [read_share(path) for path in share_files]

    async def run() -> dict[str, object]:
        async with open_hall(settings.read()) as hall:
            record, definition = await hall.election(clock.now())
            if record.stage != "draft":
                raise OperatorRefusal(
                    "wrong_stage", f"The election is {record.stage}; shares come together again at the count."
                )
            threshold, commitments = await hall.store.office.commitments()
            if record.public_key is None:
                raise OperatorRefusal("no_keys", "There is no key yet; hold `dauys keys ceremony` first.")
            key = ElectionKey(definition.id, record.public_key, threshold, tuple(commitments))
            must_open(shares, key, secrets.token_bytes(ballot_size(definition)))
            trustees = sorted(share.trustee for share in shares)
            act = await hall.commission.note_rehearsal(record.public_key, trustees, clock.now())
            return {"opens": True, "trustees": trustees, "threshold": threshold, "act": act.number}

    opened = asyncio.run(run())
    if as_json:
        answer(opened)
        return
    trustees = ", ".join(str(share.trustee) for share in sorted(shares, key=lambda share: share.trustee))
    say(f"These trustees can open the box: {trustees}. Each share is the one given out, and a test ballot was opened.")
    say(f"It is on record (record {opened['act']}). Take the shares off this machine again.")


def _write(shares: Sequence[Share], out: Path) -> list[Path]:
    out.mkdir(parents=True, exist_ok=True, mode=0o700)
    files = [out / f"share-{share.trustee}.json" for share in shares]
    for path in files:
        if path.exists():
            raise OperatorRefusal("file_exists", f"{path} is there already; name an empty folder with --out.")
    for share, path in zip(shares, files, strict=True):
        write_share(share, path)
    return files
