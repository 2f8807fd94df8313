"""The key ceremony: one key made, split among the trustees, and joined again to open the box.

A 16-byte seed is split k of n by Shamir's scheme over GF(2^128). pycryptodome's takes 16 bytes only and joins
a wrong share without a word, hence the commitments. The X25519 private key is HKDF-SHA256 (RFC 5869) of the
seed: 32 bytes, no salt, info "dauys election key v1".
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from Crypto.Hash import SHA256
from Crypto.Protocol.KDF import HKDF
from Crypto.Protocol.SecretSharing import Shamir
from nacl.public import PrivateKey

from vault.errors import Fault, VaultError
from vault.macs import framed, same
from vault.sealing import Opener, Sealer
from vault.shares import Share

SEED_BYTES = 16
MOST_TRUSTEES = 20


@dataclass(frozen=True, slots=True)
class ElectionKey:
    """What is kept and published of a ceremony, nothing of it secret. `commitments[i - 1]` is trustee i's."""

    election: str
    public_key: bytes
    threshold: int
    commitments: tuple[bytes, ...]


def hold_ceremony(election: str, trustees: int, threshold: int, seed: bytes) -> tuple[ElectionKey, list[Share]]:
    """Make an election's key from a secret random 16-byte seed and one share for each trustee, in order.

    The seed is for this call only: the caller draws it by `secrets.token_bytes(16)` and forgets it.
    Raises CEREMONY_RULE unless threshold >= 2 and trustees >= 2 * threshold - 1,
    or both are 1 (a small club).
    """
    _check_rule(trustees, threshold)
    if len(seed) != SEED_BYTES:
        raise VaultError(Fault.CEREMONY_RULE, f"The seed of a ceremony has {SEED_BYTES} bytes.")
    public_key = _public_key(derive_private_key(seed))
    shares = [
        Share(election, trustee, trustees, threshold, secret, public_key)
        for trustee, secret in Shamir.split(threshold, trustees, seed)
    ]
    commitments = tuple(commitment(election, share.trustee, share.secret) for share in shares)
    return ElectionKey(election, public_key, threshold, commitments), shares


def join(shares: Sequence[Share], key: ElectionKey) -> bytes:
    """The election's private key (32 bytes), from at least `threshold` shares; every share given is checked.

    Raises SHARE_FOREIGN (another election's or another ceremony's), SHARE_WRONG or SHARE_DOUBLED, each naming
    the trustee and the file; SHARES_TOO_FEW; SHARES_DO_NOT_JOIN when what was published was changed.
    """
    given: dict[int, Share] = {}
    for share in shares:
        _check_share(share, key)
        if other := given.get(share.trustee):
            raise VaultError(
                Fault.SHARE_DOUBLED,
                f"One share is given twice: {other.named} and {share.named}; leave one out.",
            )
        given[share.trustee] = share
    missing = key.threshold - len(given)
    if missing > 0:
        are = "is" if missing == 1 else "are"
        raise VaultError(
            Fault.SHARES_TOO_FEW,
            f"{len(given)} of {key.threshold} shares given, {missing} more {are} needed.",
        )
    points = [(share.trustee, share.secret) for share in given.values()]
    private_key = derive_private_key(Shamir.combine(points[: key.threshold]))
    if not same(_public_key(private_key), key.public_key):
        raise VaultError(
            Fault.SHARES_DO_NOT_JOIN,
            "The shares do not make the key of this election: its published key was changed.",
        )
    return private_key


def must_open(shares: Sequence[Share], key: ElectionKey, ballot: bytes) -> None:
    """A rehearsal: seal this test ballot and open it, so often that each share given takes part. Raises as `join`."""
    sealed = Sealer(key.public_key).seal(ballot)
    join(shares, key)  # each share checked, and enough of them
    for first in range(len(shares) - key.threshold + 1):
        if Opener(join(shares[first : first + key.threshold], key)).open(sealed) != ballot:
            raise VaultError(Fault.SHARES_DO_NOT_JOIN, "The test ballot came out otherwise than it was sealed.")


def commitment(election: str, trustee: int, secret: bytes) -> bytes:
    """32 bytes, fit to publish: SHA-256 over a domain, the election, the trustee's number and the share.

    The share has 128 random bits, so the commitment tells nothing about it and needs no nonce.
    """
    fields = framed(b"dauys share commitment v1", election.encode(), trustee.to_bytes(4, "big"), secret)
    return hashlib.sha256(fields).digest()


def derive_private_key(seed: bytes) -> bytes:
    """The X25519 private key (32 bytes) of a seed."""
    derived = HKDF(seed, 32, b"", SHA256, context=b"dauys election key v1")
    if isinstance(derived, tuple):  # only where several keys are asked for
        raise TypeError("one key was asked for")
    return derived


def _public_key(private_key: bytes) -> bytes:
    return bytes(PrivateKey(private_key).public_key)


def _check_rule(trustees: int, threshold: int) -> None:
    if (trustees, threshold) == (1, 1):
        return
    if threshold < 2:
        raise VaultError(Fault.CEREMONY_RULE, "The threshold is at least 2, unless there is a single trustee.")
    if trustees < 2 * threshold - 1:
        raise VaultError(
            Fault.CEREMONY_RULE,
            f"A threshold of {threshold} needs at least {2 * threshold - 1} trustees, not {trustees},"
            " so that a minority who lose their shares cannot lock the box.",
        )
    if trustees > MOST_TRUSTEES:
        raise VaultError(Fault.CEREMONY_RULE, f"There are at most {MOST_TRUSTEES} trustees, not {trustees}.")


def _check_share(share: Share, key: ElectionKey) -> None:
    if share.election != key.election:
        raise VaultError(
            Fault.SHARE_FOREIGN,
            f"The share of {share.named} belongs to the election {share.election}, not {key.election}.",
        )
    if (share.public_key, share.of, share.threshold) != (key.public_key, len(key.commitments), key.threshold):
        raise VaultError(
            Fault.SHARE_FOREIGN, f"The share of {share.named} comes from another ceremony of {key.election}."
        )
    owner = _owner(share, key)
    if owner is None:
        raise VaultError(
            Fault.SHARE_WRONG, f"The share of {share.named} is wrong: it is not what this trustee was given."
        )
    if owner != share.trustee:
        raise VaultError(
            Fault.SHARE_WRONG, f"The share of {share.named} is wrong: it is the one given to trustee {owner}."
        )


def _owner(share: Share, key: ElectionKey) -> int | None:
    for trustee, published in enumerate(key.commitments, start=1):
        if same(commitment(share.election, trustee, share.secret), published):
            return trustee
    return None
