import json
import secrets
from pathlib import Path

import pytest

from vault.ceremony import hold_ceremony, join
from vault.errors import Fault, VaultError
from vault.shares import Share, read_share, write_share


@pytest.fixture
def share() -> Share:
    return hold_ceremony("primaries-2026", 5, 3, secrets.token_bytes(16))[1][1]


def _refusal(path: Path) -> VaultError:
    with pytest.raises(VaultError) as refusal:
        read_share(path)
    assert "\n" not in str(refusal.value)
    assert path.name in str(refusal.value)
    return refusal.value


def test_written_shares_are_read_and_join(tmp_path: Path) -> None:
    key, shares = hold_ceremony("Сайлау-2026", 5, 3, secrets.token_bytes(16))
    paths = [tmp_path / f"share-{share.trustee}.json" for share in shares]
    for share, path in zip(shares, paths, strict=True):
        write_share(share, path)
        assert path.stat().st_mode & 0o777 == 0o600
    read = [read_share(path) for path in paths]
    assert read == shares
    assert read[3].named == f"trustee 4 ({paths[3]})"
    assert join(read[2:], key) == join(shares[:3], key)


def test_the_file_says_what_it_is(tmp_path: Path, share: Share) -> None:
    path = tmp_path / "share-2.json"
    write_share(share, path)
    content = json.loads(path.read_text())
    check = content.pop("check")
    assert len(check) == 8
    assert content == {
        "dauys": "key share",
        "version": 1,
        "election": "primaries-2026",
        "trustee": 2,
        "of": 5,
        "threshold": 3,
        "share": share.secret.hex(),
        "public_key": share.public_key.hex(),
    }


def test_a_share_is_never_written_over_another(tmp_path: Path, share: Share) -> None:
    path = tmp_path / "share-2.json"
    path.write_text("somebody's share")
    with pytest.raises(VaultError) as refusal:
        write_share(share, path)
    assert refusal.value.code is Fault.FILE_EXISTS
    assert path.read_text() == "somebody's share"


def test_a_share_into_a_missing_folder_is_one_sentence(tmp_path: Path, share: Share) -> None:
    with pytest.raises(VaultError) as refusal:
        write_share(share, tmp_path / "nowhere" / "share-2.json")
    assert refusal.value.code is Fault.FILE_UNUSABLE


def test_a_share_typed_in_groups_and_capitals_behind_a_byte_order_mark_is_read(tmp_path: Path, share: Share) -> None:
    path = tmp_path / "share-2.json"
    write_share(share, path)
    content = json.loads(path.read_text())
    typed = content["share"].upper()
    content["share"] = " ".join(typed[place : place + 4] for place in range(0, 32, 4))
    path.write_text("\ufeff" + json.dumps(content), encoding="utf-8")
    path.chmod(0o644)
    assert read_share(path) == share


def test_one_mistyped_sign_anywhere_in_the_share_is_evident(tmp_path: Path, share: Share) -> None:
    path = tmp_path / "share-2.json"
    write_share(share, path)
    content = json.loads(path.read_text())
    for place, sign in enumerate(content["share"]):
        wrong = "0" if sign != "0" else "1"
        mistyped = content["share"][:place] + wrong + content["share"][place + 1 :]
        path.write_text(json.dumps(content | {"share": mistyped}))
        refusal = _refusal(path)
        assert refusal.code is Fault.FILE_DAMAGED
        assert "mistyped" in str(refusal)
        assert mistyped not in str(refusal)


@pytest.mark.parametrize(
    "change",
    [
        {"election": "primaries-2027"},
        {"trustee": 3},
        {"of": 7},
        {"threshold": 2},
        {"public_key": "00" * 32},
        {"check": "00000000"},
        {"check": ""},
        {"share": "00" * 15},
        {"share": "00" * 32},
        {"share": "zz" * 16},
        {"share": 5},
        {"share": None},
        {"trustee": True},
        {"trustee": "2"},
        {"trustee": 2.0},
        {"trustee": -1},
        {"trustee": 2**40},
        {"election": "\ud800"},
        {"election": ["primaries-2026"]},
        {"version": 2},
        {"dauys": "secret keys"},
        {"note": "mine"},
    ],
)
def test_an_altered_field_is_one_sentence(tmp_path: Path, share: Share, change: dict[str, object]) -> None:
    path = tmp_path / "share-2.json"
    write_share(share, path)
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    assert _refusal(path).code is Fault.FILE_DAMAGED


@pytest.mark.parametrize("name", ["election", "trustee", "of", "threshold", "share", "public_key", "check"])
def test_a_missing_field_is_one_sentence(tmp_path: Path, share: Share, name: str) -> None:
    path = tmp_path / "share-2.json"
    write_share(share, path)
    content = json.loads(path.read_text())
    del content[name]
    path.write_text(json.dumps(content))
    assert _refusal(path).code is Fault.FILE_DAMAGED


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n", b"null", b"{}", b'{"dauys":', b"[" * 60_000, b"9" * 9_000])
def test_a_foreign_file_is_one_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "holiday.json"
    path.write_bytes(content)
    assert _refusal(path).code is Fault.FILE_DAMAGED


def test_a_missing_file_and_a_folder_are_one_sentence(tmp_path: Path) -> None:
    assert _refusal(tmp_path / "share-9.json").code is Fault.FILE_MISSING
    assert _refusal(tmp_path).code is Fault.FILE_UNUSABLE
