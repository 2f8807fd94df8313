"""Phones at rest: a key to look them up by, and an encrypted copy to send to."""

import hmac
import re

from vault.closed_notes import ClosedNotes
from vault.errors import Fault, VaultError

_E164 = re.compile(r"\+[0-9]{10,15}")
_LONGEST = 16  # a plus and fifteen digits


class PhoneKeys:
    """Looks up and hides phones. A phone is E.164, a plus and 10 to 15 digits, else PHONE_FORM is raised."""

    __slots__ = ("_lookup", "_notes")

    def __init__(self, lookup: bytes, encryption: bytes) -> None:
        self._lookup = lookup
        self._notes = ClosedNotes(encryption)

    def phone_key(self, e164: str) -> bytes:
        """32 bytes, always the same for a phone and a key file: HMAC-SHA256 of the E.164 text."""
        return hmac.digest(self._lookup, _checked(e164), "sha256")

    def encrypt_phone(self, e164: str) -> bytes:
        """56 bytes whatever the phone's length, different each time."""
        return self._notes.close(_checked(e164).ljust(_LONGEST, b"\0"))

    def decrypt_phone(self, encrypted: bytes) -> str:
        """The phone; raises NOTE_DAMAGED for one that was altered or is another key's."""
        return self._notes.open(encrypted).rstrip(b"\0").decode("ascii")


def _checked(e164: str) -> bytes:
    if not _E164.fullmatch(e164):
        raise VaultError(Fault.PHONE_FORM, "A phone must be written as a plus and 10 to 15 digits.")
    return e164.encode("ascii")
