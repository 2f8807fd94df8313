"""Small notes closed at rest (session drafts, outbox bodies, phones): only the key opens them, unaltered."""

from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from vault.errors import Fault, VaultError


class ClosedNotes:
    """Authenticated encryption under one 32-byte key: libsodium's secretbox, XSalsa20-Poly1305, random nonce.

    A closed note is 40 bytes longer than its text: nonce (24), tag (16), ciphertext. It does not say whose it
    is: a caller to whom swapped notes matter puts the owner into the text. The repr does not show the key.
    """

    __slots__ = ("_box",)

    def __init__(self, key: bytes) -> None:
        self._box = SecretBox(key)

    def close(self, text: bytes) -> bytes:
        """The note, closed; twice the same text gives two different notes."""
        return bytes(self._box.encrypt(text))

    def open(self, note: bytes) -> bytes:
        """The text; raises NOTE_DAMAGED when a bit was changed or the note is another key's."""
        try:
            return self._box.decrypt(note)
        except (CryptoError, TypeError, ValueError):
            raise VaultError(
                Fault.NOTE_DAMAGED, "A closed note does not open: it was altered or closed with another key."
            ) from None
