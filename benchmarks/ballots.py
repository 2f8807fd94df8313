"""Votes as the station hands them to the store."""

import secrets
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from election.ports import Cast, Letter

_NOT_TODAY = timedelta(days=2)
_SEALED_BYTES = 80
"""A ballot of 32 bytes, sealed."""


def member_id(number: int) -> str:
    return f"m{number:07d}"


def casts(first: int, count: int, seal: Callable[[], bytes] | None = None) -> Iterator[Cast]:
    """A vote of each of these members, with a ballot sealed anew or with random bytes of that length: no two are alike.
    Its notice is not due while we measure."""
    now = datetime.now(UTC)
    for number in range(first, first + count):
        yield Cast(
            member_id=member_id(number),
            channel="telegram",
            pseudonym=secrets.token_bytes(32),
            sealed_ballot=seal() if seal else secrets.token_bytes(_SEALED_BYTES),
            receipt_digest=secrets.token_bytes(32),
            leaf_keys=(secrets.token_bytes(16), secrets.token_bytes(16), secrets.token_bytes(16)),
            notice=Letter("notice", secrets.token_bytes(80), secrets.token_bytes(200), now + _NOT_TODAY),
            now=now,
        )
