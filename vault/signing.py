"""The key that signs bulletins and heads of the log: Ed25519 (RFC 8032), 32-byte public keys, 64-byte signatures."""

import secrets
from pathlib import Path
from typing import Self

import nacl.signing
from nacl.exceptions import CryptoError

from vault.key_files import KEY_BYTES, create_key_file, damaged, key_field, key_text, read_key_file

KIND = "signing key"
SIGNATURE_BYTES = 64
_FIELDS = {"key", "public_key"}


class SigningKey:
    """A private signing key and its public half. Its repr does not show it."""

    __slots__ = ("_key",)

    def __init__(self, key: bytes) -> None:
        """`key`: the 32 random bytes that RFC 8032 calls the private key."""
        self._key = nacl.signing.SigningKey(key)

    @classmethod
    def create(cls, path: Path) -> Self:
        """Make a key and its file (mode 0600), once. Raises FILE_EXISTS where it stands, or FILE_UNUSABLE."""
        key = secrets.token_bytes(KEY_BYTES)
        made = cls(key)
        create_key_file(path, KIND, {"key": key_text(key), "public_key": key_text(made.public_key)})
        return made

    @classmethod
    def load(cls, path: Path) -> Self:
        """The key in a file. Raises FILE_MISSING, FILE_UNUSABLE, FILE_OPEN_TO_OTHERS or FILE_DAMAGED."""
        held = read_key_file(path, KIND, private=True)
        if held.keys() != _FIELDS:
            raise damaged(path, KIND, "a field is missing or unknown")
        loaded = cls(key_field(path, KIND, held, "key"))
        # else a mistyped key would sign on, and nobody outside could tell why nothing verifies
        if loaded.public_key != key_field(path, KIND, held, "public_key"):
            raise damaged(path, KIND, "its public key is another key's")
        return loaded

    @property
    def public_key(self) -> bytes:
        """The 32 bytes by which anybody checks the signatures; fit to publish."""
        return bytes(self._key.verify_key)

    def sign(self, message: bytes) -> bytes:
        """The signature (64 bytes), the same for the same message. Let each kind of message begin with its own name."""
        return self._key.sign(message).signature


def verify(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether this key signed this message. Whatever the arguments are, the answer is True or False."""
    try:
        if len(signature) != SIGNATURE_BYTES:
            return False
        nacl.signing.VerifyKey(public_key).verify(message, signature)
    except (CryptoError, TypeError, ValueError):
        return False
    return True
