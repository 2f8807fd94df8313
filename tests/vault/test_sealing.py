import secrets

import pytest
from nacl.public import PrivateKey

from vault.errors import Fault, VaultError
from vault.sealing import Opener, Sealer


def _pair() -> tuple[Sealer, Opener]:
    private_key = secrets.token_bytes(32)
    return Sealer(bytes(PrivateKey(private_key).public_key)), Opener(private_key)


@pytest.mark.parametrize("plain", [b"", b"1", bytes(200), secrets.token_bytes(2_000)])
def test_what_is_sealed_opens_as_it_was(plain: bytes) -> None:
    sealer, opener = _pair()
    assert opener.open(sealer.seal(plain)) == plain


def test_ballots_of_one_length_are_sealed_to_one_length_and_never_alike() -> None:
    sealer, _ = _pair()
    ballots = [bytes(200), *(secrets.token_bytes(200) for _ in range(100))]
    assert {len(sealer.seal(ballot)) for ballot in ballots} == {248}
    assert sealer.seal(bytes(200)) != sealer.seal(bytes(200))


def test_a_changed_bit_anywhere_is_found() -> None:
    sealer, opener = _pair()
    sealed = sealer.seal(b"18 of 91")
    for place in range(len(sealed)):
        with pytest.raises(VaultError) as refusal:
            opener.open(sealed[:place] + bytes([sealed[place] ^ 64]) + sealed[place + 1 :])
        assert refusal.value.code is Fault.SEALED_DAMAGED


@pytest.mark.parametrize("keep", [0, 1, 31, 32, 47, 48, 55])
def test_a_shortened_ballot_is_found(keep: int) -> None:
    sealer, opener = _pair()
    with pytest.raises(VaultError, match="does not open"):
        opener.open(sealer.seal(b"18 of 91")[:keep])


def test_another_key_does_not_open_it() -> None:
    sealer, _ = _pair()
    with pytest.raises(VaultError, match="does not open"):
        _pair()[1].open(sealer.seal(b"18 of 91"))


@pytest.mark.parametrize("public_key", [b"", bytes(31), bytes(33), bytes(32), b"\x01" + bytes(31)])
def test_a_public_key_that_cannot_be_sealed_to_is_refused_before_any_vote(public_key: bytes) -> None:
    with pytest.raises(VaultError) as refusal:
        Sealer(public_key)
    assert refusal.value.code is Fault.PUBLIC_KEY


def test_the_private_key_does_not_show_in_repr() -> None:
    assert "PPPP" not in repr(Opener(b"P" * 32))
