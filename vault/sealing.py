"""Ballots sealed to the election's public key and opened by its private key: libsodium's sealed box."""

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

from vault.errors import Fault, VaultError

KEY_BYTES = 32


class Sealer:
    """Seals for one public key; make it once and keep it. It cannot open what it has sealed."""

    __slots__ = ("_box",)

    def __init__(self, public_key: bytes) -> None:
        """Raises PUBLIC_KEY unless given 32 bytes to which one can seal."""
        if len(public_key) != KEY_BYTES:
            raise VaultError(Fault.PUBLIC_KEY, "An election's public key has 32 bytes.")
        self._box = SealedBox(PublicKey(public_key))
        # libsodium refuses a weak point only when it seals: better now than at a vote
        try:
            self._box.encrypt(b"")
        except CryptoError:
            raise VaultError(Fault.PUBLIC_KEY, "The election's public key is not one to which one can seal.") from None

    def seal(self, plain: bytes) -> bytes:
        """The sealed text, 48 bytes longer than the plain one and different each time."""
        return self._box.encrypt(plain)


class Opener:
    """Opens what was sealed to the public half of a 32-byte private key. Its repr does not show the key."""

    __slots__ = ("_box",)

    def __init__(self, private_key: bytes) -> None:
        self._box = SealedBox(PrivateKey(private_key))

    def open(self, sealed: bytes) -> bytes:
        """The plain text; raises SEALED_DAMAGED when a bit was changed or it was sealed to another key."""
        try:
            return self._box.decrypt(sealed)
        except (CryptoError, TypeError, ValueError):
            raise VaultError(
                Fault.SEALED_DAMAGED,
                "A sealed ballot does not open: it was altered or sealed to another key.",
            ) from None
