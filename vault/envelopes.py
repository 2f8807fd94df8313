"""K_env, the key of the outer envelopes: while it lives it joins a member to an envelope, so it is destroyed.

Each election's key stands in its own file. Destroying leaves a small marker, so that a destroyed key is never
taken for a lost one, and no second key is ever made for the same election.
"""

import os
import re
import secrets
from pathlib import Path
from typing import Self

from vault.errors import Fault, VaultError
from vault.key_files import (
    KEY_BYTES,
    create_key_file,
    key_field,
    key_text,
    read_key_file,
    sync_folder,
    unusable,
)
from vault.macs import mac

KIND = "envelope key"
MARKER_KIND = "envelope key destroyed"
PSEUDONYM_BYTES = 16
RECEIPT_BYTES = 7

_ELECTION_ID = re.compile(r"\w[\w.-]{0,99}")


class EnvelopeKey:
    """The key of one election's envelopes. Its repr does not show it."""

    __slots__ = ("_key",)

    def __init__(self, key: bytes) -> None:
        self._key = key

    @classmethod
    def create(cls, folder: Path, election: str) -> Self:
        """Make the key of an election, once. Raises FILE_EXISTS where it stands and KEY_DESTROYED after."""
        _refuse_destroyed(folder, election)
        key = secrets.token_bytes(KEY_BYTES)
        create_key_file(key_path(folder, election), KIND, {"election": election, "key": key_text(key)})
        return cls(key)

    @classmethod
    def load(cls, folder: Path, election: str) -> Self:
        """The key of an election. Raises KEY_DESTROYED, FILE_MISSING, FILE_DAMAGED or FILE_OPEN_TO_OTHERS."""
        _refuse_destroyed(folder, election)
        path = key_path(folder, election)
        return cls(key_field(path, KIND, _held(path, election), "key"))

    def pseudonym(self, member_id: str) -> bytes:
        """16 bytes: who stands behind an envelope, for whoever holds this key."""
        return mac(self._key, b"pseudonym", member_id.encode())[:PSEUDONYM_BYTES]

    def receipt_bytes(self, member_id: str, number: int) -> bytes:
        """7 bytes for the receipt of a member's vote of this number (0 to 2**32 - 1)."""
        return mac(self._key, b"receipt", member_id.encode(), number.to_bytes(4, "big"))[:RECEIPT_BYTES]

    def notice_digits(self, member_id: str, number: int) -> str:
        """Four digits, 1000 to 9999, of a member's vote of this number (0 to 2**32 - 1)."""
        drawn = mac(self._key, b"notice", member_id.encode(), number.to_bytes(4, "big"))
        return str(1000 + int.from_bytes(drawn[:8], "big") % 9000)


def destroy_envelope_key(folder: Path, election: str) -> None:
    """Overwrite the key with random bytes, remove it, and leave the marker. Harmless to repeat.

    After an interruption call it again: from the first step on the key no longer loads, and the second call
    finishes the work. Beyond its reach are copies in backups, blocks that a flash disk or a copying file
    system has set aside, and processes that have loaded the key and still run.

    Raises FILE_MISSING where there was never a key, FILE_UNUSABLE where the disk refuses.
    """
    path = key_path(folder, election)
    if not os.path.exists(path) and not os.path.exists(_marker(folder, election)):
        raise VaultError(Fault.FILE_MISSING, f"{path}: there is no envelope key to destroy.")
    try:
        create_key_file(_marker(folder, election), MARKER_KIND, {"election": election})
    except VaultError as error:
        if error.code is not Fault.FILE_EXISTS:
            raise
    try:
        if os.path.exists(path):
            _overwrite(path)
            path.unlink()
        sync_folder(folder)
    except OSError as error:
        raise unusable(path, error) from None


def key_path(folder: Path, election: str) -> Path:
    """Where the key of an election stands; raises ELECTION_ID for an id that cannot be a file's name."""
    if not _ELECTION_ID.fullmatch(election):
        raise VaultError(
            Fault.ELECTION_ID, "An election's id has up to 100 letters, digits, dots, hyphens or underscores."
        )
    return folder / f"envelope-{election}.key"


def _marker(folder: Path, election: str) -> Path:
    return key_path(folder, election).with_suffix(".destroyed")


def _refuse_destroyed(folder: Path, election: str) -> None:
    if os.path.exists(_marker(folder, election)):
        raise VaultError(Fault.KEY_DESTROYED, f"The envelope key of {election} was destroyed at the cut.")


def _held(path: Path, election: str) -> dict[str, object]:
    held = read_key_file(path, KIND, private=True)
    if held.get("election") != election:
        raise VaultError(Fault.FILE_DAMAGED, f"{path} holds the envelope key of another election.")
    return held


def _overwrite(path: Path) -> None:
    with open(path, "r+b") as file:  # in place: opening for writing would let go of the blocks
        file.write(secrets.token_bytes(os.fstat(file.fileno()).st_size))
        file.flush()
        os.fsync(file.fileno())
