"""One trustee's key share, and the file in which it travels."""

import hashlib
import os
from dataclasses import dataclass, field
from pathlib import Path

from vault.key_files import already_there, damaged, read_key_file, rendered, unusable
from vault.macs import framed, same

KIND = "key share"
SHARE_BYTES = 16
_FIELDS = {"election", "trustee", "of", "threshold", "share", "public_key", "check"}


@dataclass(frozen=True, slots=True)
class Share:
    """What a trustee keeps. `source` is the file it was read from; the repr hides the share itself."""

    election: str
    trustee: int
    of: int
    threshold: int
    secret: bytes = field(repr=False)
    public_key: bytes
    source: str = field(default="", compare=False)

    @property
    def named(self) -> str:
        """Whose it is, in words."""
        return f"trustee {self.trustee} ({self.source})" if self.source else f"trustee {self.trustee}"


def write_share(share: Share, path: Path) -> None:
    """Write a new share file, mode 0600, durable when this returns. Raises FILE_EXISTS or FILE_UNUSABLE.

    Written in place, because a memory stick's file system has no hard links.
    """
    content = {
        "election": share.election,
        "trustee": share.trustee,
        "of": share.of,
        "threshold": share.threshold,
        "share": share.secret.hex(),
        "public_key": share.public_key.hex(),
        "check": _check(share).hex(),
    }
    try:
        with open(path, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            file.write(rendered(KIND, content))
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        raise already_there(path) from None
    except OSError as error:
        raise unusable(path, error) from None


def read_share(path: Path) -> Share:
    """The share in a file. Hexadecimal may be typed in groups and in capitals.

    Raises FILE_MISSING, FILE_UNUSABLE or FILE_DAMAGED, one sentence that names the file. The check value
    finds a typing error in any field; whether the share is the right one is found by `ceremony.join`.
    """
    held = read_key_file(path, KIND, private=False)
    if held.keys() != _FIELDS:
        raise damaged(path, KIND, "a field is missing or unknown")
    try:
        share = Share(
            election=_text(held, "election"),
            trustee=_number(held, "trustee"),
            of=_number(held, "of"),
            threshold=_number(held, "threshold"),
            secret=bytes.fromhex(_text(held, "share")),
            public_key=bytes.fromhex(_text(held, "public_key")),
            source=str(path),
        )
        intact = len(share.secret) == SHARE_BYTES and same(_check(share), bytes.fromhex(_text(held, "check")))
    except (ValueError, OverflowError):
        raise damaged(path, KIND, "a field cannot be read") from None
    if not intact:
        raise damaged(path, KIND, "its check value does not match, so something in it was mistyped")
    return share


def _check(share: Share) -> bytes:
    numbers = (number.to_bytes(4, "big") for number in (share.trustee, share.of, share.threshold))
    fields = framed(b"dauys share check v1", share.election.encode(), *numbers, share.secret, share.public_key)
    return hashlib.sha256(fields).digest()[:4]


def _text(held: dict[str, object], name: str) -> str:
    value = held[name]
    if not isinstance(value, str):
        raise ValueError(name)
    return value


def _number(held: dict[str, object], name: str) -> int:
    value = held[name]
    if type(value) is not int:  # True is an int to isinstance
        raise ValueError(name)
    return value
