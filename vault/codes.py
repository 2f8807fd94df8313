"""One-time codes: drawn at random, kept only as a mark that needs the key to make."""

import secrets

from vault.macs import mac, same

__all__ = ["CodeKeys", "new_code", "same"]


def new_code(digits: int) -> str:
    """A code of so many digits, each code equally likely, leading zeros included."""
    return f"{secrets.randbelow(10**digits):0{digits}d}"


class CodeKeys:
    """Binds a code to where it may be used, so that it is worth nothing anywhere else."""

    __slots__ = ("_key",)

    def __init__(self, key: bytes) -> None:
        self._key = key

    def code_mac(self, code: str, election: str, member: str, chat: str, purpose: str) -> bytes:
        """32 bytes to store and to compare by `same`: HMAC-SHA256 over all five, each behind its length."""
        return mac(self._key, *(field.encode() for field in ("code", code, election, member, chat, purpose)))
