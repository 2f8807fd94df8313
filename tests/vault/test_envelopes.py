import base64
import json
import os
from pathlib import Path

import pytest

from vault.envelopes import EnvelopeKey, destroy_envelope_key, key_path
from vault.errors import Fault, VaultError

ELECTION = "primaries-2026"


def _fault(act, *arguments: object) -> Fault:  # type: ignore[no-untyped-def]
    with pytest.raises(VaultError) as refusal:
        act(*arguments)
    assert "\n" not in str(refusal.value)
    return refusal.value.code


def test_the_key_is_made_once_and_loads_as_the_same(tmp_path: Path) -> None:
    made = EnvelopeKey.create(tmp_path / "keys", ELECTION)
    path = key_path(tmp_path / "keys", ELECTION)
    before = path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600
    assert _fault(EnvelopeKey.create, tmp_path / "keys", ELECTION) is Fault.FILE_EXISTS
    assert path.read_bytes() == before
    assert EnvelopeKey.load(tmp_path / "keys", ELECTION).pseudonym("A1") == made.pseudonym("A1")


def test_pseudonyms_are_the_members_and_the_elections_own(tmp_path: Path) -> None:
    key, other = (EnvelopeKey.create(tmp_path, election) for election in (ELECTION, "other"))
    names = [key.pseudonym(f"A{number}") for number in range(2_000)]
    assert len(set(names)) == 2_000
    assert {len(name) for name in names} == {16}
    assert key.pseudonym("A1") == key.pseudonym("A1") != other.pseudonym("A1")


def test_receipts_differ_by_member_and_number_and_do_not_run_together() -> None:
    key = EnvelopeKey(bytes(32))
    receipts = [key.receipt_bytes(member, number) for member in ("A", "A1", "A11") for number in (0, 1, 11, 111)]
    assert len(set(receipts)) == len(receipts)
    assert {len(receipt) for receipt in receipts} == {7}
    assert key.receipt_bytes("A1", 1) == EnvelopeKey(bytes(32)).receipt_bytes("A1", 1)
    assert key.receipt_bytes("A1", 1) != key.pseudonym("A1")[:7]


def test_the_bytes_of_a_pseudonym_and_a_receipt_do_not_change_between_versions() -> None:
    key = EnvelopeKey(bytes(range(32)))
    assert key.pseudonym("A1").hex() == "4a6166995bb500ac3e00a9fcd652a213"
    assert key.receipt_bytes("A1", 1).hex() == "4b45019ddeed4e"


def test_a_destroyed_key_is_overwritten_gone_and_said_to_be_destroyed(tmp_path: Path) -> None:
    EnvelopeKey.create(tmp_path, ELECTION)
    path = key_path(tmp_path, ELECTION)
    os.link(path, tmp_path / "the same blocks")
    held = json.loads(path.read_text())["key"]
    size = path.stat().st_size

    destroy_envelope_key(tmp_path, ELECTION)

    assert not path.exists()
    assert (tmp_path / "the same blocks").stat().st_size == size
    for left in tmp_path.iterdir():
        content = left.read_bytes()
        assert held.encode() not in content
        assert base64.b64decode(held) not in content
    assert _fault(EnvelopeKey.load, tmp_path, ELECTION) is Fault.KEY_DESTROYED
    assert _fault(EnvelopeKey.create, tmp_path, ELECTION) is Fault.KEY_DESTROYED
    destroy_envelope_key(tmp_path, ELECTION)  # to repeat it is harmless


def test_destroying_one_elections_key_leaves_another(tmp_path: Path) -> None:
    EnvelopeKey.create(tmp_path, ELECTION)
    other = EnvelopeKey.create(tmp_path, "other")
    destroy_envelope_key(tmp_path, ELECTION)
    assert EnvelopeKey.load(tmp_path, "other").pseudonym("A1") == other.pseudonym("A1")


def test_an_interrupted_destruction_is_finished_by_the_next(tmp_path: Path) -> None:
    EnvelopeKey.create(tmp_path, ELECTION)
    path = key_path(tmp_path, ELECTION)
    standing = path.read_bytes()
    destroy_envelope_key(tmp_path, ELECTION)
    path.write_bytes(standing)  # as if it had stopped after the marker
    assert _fault(EnvelopeKey.load, tmp_path, ELECTION) is Fault.KEY_DESTROYED
    destroy_envelope_key(tmp_path, ELECTION)
    assert not path.exists()


def test_a_key_that_was_never_made_is_missing_and_not_destroyed(tmp_path: Path) -> None:
    assert _fault(EnvelopeKey.load, tmp_path, ELECTION) is Fault.FILE_MISSING
    assert _fault(destroy_envelope_key, tmp_path, ELECTION) is Fault.FILE_MISSING


def test_an_open_damaged_or_foreign_key_file_is_refused(tmp_path: Path) -> None:
    EnvelopeKey.create(tmp_path, ELECTION)
    path = key_path(tmp_path, ELECTION)
    path.chmod(0o644)
    assert _fault(EnvelopeKey.load, tmp_path, ELECTION) is Fault.FILE_OPEN_TO_OTHERS
    path.chmod(0o600)
    os.link(path, key_path(tmp_path, "other"))
    assert _fault(EnvelopeKey.load, tmp_path, "other") is Fault.FILE_DAMAGED
    path.write_bytes(path.read_bytes()[:-10])
    assert _fault(EnvelopeKey.load, tmp_path, ELECTION) is Fault.FILE_DAMAGED


@pytest.mark.parametrize("election", ["", "../up", "a/b", ".hidden", "a\0b", "a" * 101, "a b"])
def test_an_election_id_that_leaves_the_folder_is_refused(tmp_path: Path, election: str) -> None:
    assert _fault(EnvelopeKey.create, tmp_path, election) is Fault.ELECTION_ID
    assert list(tmp_path.iterdir()) == []


def test_the_envelope_key_does_not_show_in_repr() -> None:
    assert "KKKK" not in repr(EnvelopeKey(b"K" * 32))
