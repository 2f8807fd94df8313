import hmac
import secrets
from collections.abc import Callable
from dataclasses import replace
from itertools import combinations, permutations, product

import pytest
from Crypto.Protocol.SecretSharing import Shamir
from nacl.public import PrivateKey

from vault.ceremony import ElectionKey, commitment, derive_private_key, hold_ceremony, join, must_open
from vault.errors import Fault, VaultError
from vault.sealing import Opener, Sealer
from vault.shares import Share

ENOUGH = [places for many in (3, 4, 5) for places in combinations(range(5), many)]
TOO_FEW = [places for many in (0, 1, 2) for places in combinations(range(5), many)]


def _ceremony(election: str = "primaries-2026") -> tuple[ElectionKey, list[Share]]:
    return hold_ceremony(election, 5, 3, secrets.token_bytes(16))


def _refusal(shares: list[Share], key: ElectionKey) -> VaultError:
    with pytest.raises(VaultError) as refusal:
        join(shares, key)
    assert "\n" not in str(refusal.value)
    assert not any(share.secret.hex() in str(refusal.value) for share in shares)
    return refusal.value


def test_every_three_of_five_in_any_order_open_what_was_sealed() -> None:
    key, shares = _ceremony()
    sealed = Sealer(key.public_key).seal(b"a ballot")
    for chosen in permutations(shares, 3):
        assert Opener(join(list(chosen), key)).open(sealed) == b"a ballot"


def test_four_and_five_shares_open_too() -> None:
    key, shares = _ceremony()
    keys = {join(list(chosen), key) for many in (3, 4, 5) for chosen in combinations(shares, many)}
    assert len(keys) == 1


def test_every_smaller_set_is_refused_and_told_how_many_are_missing() -> None:
    key, shares = _ceremony()
    for many, words in ((0, "3 more are needed"), (1, "2 more are needed"), (2, "1 more is needed")):
        for chosen in combinations(shares, many):
            refusal = _refusal(list(chosen), key)
            assert refusal.code is Fault.SHARES_TOO_FEW
            assert str(refusal) == f"{many} of 3 shares given, {words}."


def test_two_shares_do_not_open_even_where_the_published_threshold_was_lowered() -> None:
    key, shares = _ceremony()
    lowered = replace(key, threshold=2)
    for chosen in combinations([replace(share, threshold=2) for share in shares], 2):
        assert _refusal(list(chosen), lowered).code is Fault.SHARES_DO_NOT_JOIN


@pytest.mark.parametrize("places", ENOUGH)
def test_a_wrong_share_is_named_wherever_it_stands(places: tuple[int, ...]) -> None:
    key, shares = _ceremony()
    for wrong in places:
        spoilt = replace(shares[wrong], secret=secrets.token_bytes(16), source=f"share-{wrong + 1}.json")
        refusal = _refusal([spoilt if place == wrong else shares[place] for place in places], key)
        assert refusal.code is Fault.SHARE_WRONG
        named = f"trustee {wrong + 1} (share-{wrong + 1}.json)"
        assert f"{named} is wrong: it is not what this trustee was given" in str(refusal)


def test_every_changed_bit_of_a_share_is_found() -> None:
    key, shares = _ceremony()
    for bit in range(128):
        value = int.from_bytes(shares[0].secret, "big") ^ (1 << bit)
        spoilt = replace(shares[0], secret=value.to_bytes(16, "big"))
        assert _refusal([spoilt, *shares[1:3]], key).code is Fault.SHARE_WRONG


@pytest.mark.parametrize("places", ENOUGH)
def test_swapped_shares_are_named_with_their_right_owner(places: tuple[int, ...]) -> None:
    key, shares = _ceremony()
    for one, other in combinations(places, 2):
        given = list(shares)
        given[one] = replace(shares[one], secret=shares[other].secret)
        given[other] = replace(shares[other], secret=shares[one].secret)
        refusal = _refusal([given[place] for place in places], key)
        assert refusal.code is Fault.SHARE_WRONG
        assert f"trustee {one + 1} is wrong: it is the one given to trustee {other + 1}" in str(refusal)


@pytest.mark.parametrize("places", ENOUGH)
def test_a_doubled_share_is_named_with_both_files(places: tuple[int, ...]) -> None:
    key, shares = _ceremony()
    for twice, at in product(places, range(len(places) + 1)):
        given = [replace(shares[place], source=f"{place}.json") for place in places]
        given.insert(at, replace(shares[twice], source="copy.json"))
        refusal = _refusal(given, key)
        assert refusal.code is Fault.SHARE_DOUBLED
        files = (f"trustee {twice + 1} ({twice}.json)", f"trustee {twice + 1} (copy.json)")
        assert " and ".join(files if at > places.index(twice) else reversed(files)) in str(refusal)


@pytest.mark.parametrize("places", TOO_FEW[1:])
def test_a_doubled_share_does_not_stand_for_two(places: tuple[int, ...]) -> None:
    key, shares = _ceremony()
    for twice in places:
        chosen = [shares[place] for place in places]
        assert _refusal([*chosen, shares[twice], shares[twice]], key).code is Fault.SHARE_DOUBLED


@pytest.mark.parametrize("places", ENOUGH)
def test_a_rehearsal_opens_with_enough_shares_and_every_one_of_them_takes_part(
    places: tuple[int, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    key, shares = _ceremony()
    joined: set[int] = set()
    combine = Shamir.combine

    def noted(points: list[tuple[int, bytes]], *, ssss: bool = False) -> bytes:
        joined.update(trustee for trustee, _ in points)
        return combine(points, ssss)

    monkeypatch.setattr(Shamir, "combine", noted)
    must_open([shares[place] for place in places], key, b"a test ballot")
    assert joined == {place + 1 for place in places}


@pytest.mark.parametrize("places", TOO_FEW)
def test_a_rehearsal_with_fewer_shares_is_refused(places: tuple[int, ...]) -> None:
    key, shares = _ceremony()
    with pytest.raises(VaultError) as refusal:
        must_open([shares[place] for place in places], key, b"a test ballot")
    assert refusal.value.code is Fault.SHARES_TOO_FEW


def test_a_share_of_another_ceremony_of_the_same_election_is_named() -> None:
    key, shares = _ceremony()
    _, others = _ceremony()
    refusal = _refusal([shares[0], others[1], shares[2]], key)
    assert refusal.code is Fault.SHARE_FOREIGN
    assert "trustee 2 comes from another ceremony" in str(refusal)
    disguised = replace(others[1], public_key=key.public_key)
    assert _refusal([shares[0], disguised, shares[2]], key).code is Fault.SHARE_WRONG


def test_a_share_of_another_election_is_named_with_both() -> None:
    key, shares = _ceremony()
    _, others = _ceremony("union-2025")
    refusal = _refusal([shares[0], others[1], shares[2]], key)
    assert refusal.code is Fault.SHARE_FOREIGN
    assert "trustee 2 belongs to the election union-2025, not primaries-2026" in str(refusal)


@pytest.mark.parametrize(
    "alter",
    [
        lambda share: replace(share, trustee=2),
        lambda share: replace(share, trustee=0),
        lambda share: replace(share, trustee=6),
        lambda share: replace(share, of=7),
        lambda share: replace(share, threshold=2),
        lambda share: replace(share, secret=bytes(15)),
    ],
)
def test_a_share_with_an_altered_field_is_refused(alter: Callable[[Share], Share]) -> None:
    key, shares = _ceremony()
    refusal = _refusal([alter(shares[0]), shares[2], shares[3]], key)
    assert refusal.code in {Fault.SHARE_WRONG, Fault.SHARE_FOREIGN}


def test_a_changed_public_key_in_the_record_is_found() -> None:
    key, shares = _ceremony()
    stranger = bytes(PrivateKey.generate().public_key)
    doctored = [replace(share, public_key=stranger) for share in shares]
    assert _refusal(doctored, replace(key, public_key=stranger)).code is Fault.SHARES_DO_NOT_JOIN


def test_a_small_club_may_have_one_trustee() -> None:
    key, shares = hold_ceremony("club", 1, 1, secrets.token_bytes(16))
    assert len(shares) == 1
    assert Opener(join(shares, key)).open(Sealer(key.public_key).seal(b"a ballot")) == b"a ballot"
    assert str(_refusal([], key)) == "0 of 1 shares given, 1 more is needed."


@pytest.mark.parametrize(("trustees", "threshold"), [(3, 2), (4, 2), (5, 3), (9, 5), (20, 10)])
def test_allowed_sizes_join_from_their_first_and_last_shares(trustees: int, threshold: int) -> None:
    key, shares = hold_ceremony("sizes", trustees, threshold, secrets.token_bytes(16))
    assert [share.trustee for share in shares] == list(range(1, trustees + 1))
    assert join(shares[:threshold], key) == join(shares[-threshold:], key)
    assert _refusal(shares[: threshold - 1], key).code is Fault.SHARES_TOO_FEW


@pytest.mark.parametrize(
    ("trustees", "threshold"),
    [(2, 2), (4, 3), (5, 1), (2, 1), (0, 0), (5, 0), (5, -1), (-1, 2), (21, 3), (1, 2)],
)
def test_other_sizes_are_refused_in_one_sentence(trustees: int, threshold: int) -> None:
    with pytest.raises(VaultError) as refusal:
        hold_ceremony("sizes", trustees, threshold, secrets.token_bytes(16))
    assert refusal.value.code is Fault.CEREMONY_RULE
    assert str(refusal.value).count(".") == 1


@pytest.mark.parametrize("length", [0, 15, 17, 32])
def test_a_seed_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(VaultError) as refusal:
        hold_ceremony("seed", 5, 3, bytes(length))
    assert refusal.value.code is Fault.CEREMONY_RULE


def test_a_seed_gives_the_public_key_it_always_gave() -> None:
    key, shares = hold_ceremony("vector", 5, 3, bytes(range(16)))
    assert key.public_key.hex() == "18081ccd00694a96e273af2661e45830e0a101bee5fde95ca629dc5c50c53669"
    assert PrivateKey(join(shares[1:4], key)).public_key.encode() == key.public_key


def test_the_private_key_is_hkdf_sha256_as_rfc_5869_writes_it() -> None:
    seed = secrets.token_bytes(16)
    extracted = hmac.digest(bytes(32), seed, "sha256")
    assert derive_private_key(seed) == hmac.digest(extracted, b"dauys election key v1\x01", "sha256")


def test_one_seed_split_twice_gives_one_key_and_other_shares() -> None:
    seed = secrets.token_bytes(16)
    (first, shares), (second, others) = (hold_ceremony("e", 5, 3, seed) for _ in range(2))
    assert first.public_key == second.public_key
    assert not {share.secret for share in shares} & {share.secret for share in others}
    assert _refusal([shares[0], others[1], shares[2]], first).code is Fault.SHARE_WRONG


def test_a_share_read_alone_by_shamirs_scheme_is_not_the_seed() -> None:
    seed = secrets.token_bytes(16)
    _, shares = hold_ceremony("e", 5, 3, seed)
    for many in (1, 2):
        for chosen in combinations(shares, many):
            assert Shamir.combine([(share.trustee, share.secret) for share in chosen]) != seed


def test_a_commitment_depends_on_election_trustee_and_share() -> None:
    secret = bytes(16)
    marks = {
        commitment("e", 1, secret),
        commitment("e", 2, secret),
        commitment("f", 1, secret),
        commitment("e", 1, b"\1" * 16),
    }
    assert len(marks) == 4


def test_what_is_published_holds_no_share() -> None:
    key, shares = _ceremony()
    published = key.public_key + b"".join(key.commitments)
    assert not any(share.secret in published for share in shares)
    assert not any(share.secret.hex() in repr(share) or repr(share.secret) in repr(share) for share in shares)
