import base64
import json
from pathlib import Path

import pytest
from Crypto.Signature import eddsa
from hypothesis import given
from hypothesis import strategies as st

from vault.errors import Fault, VaultError
from vault.signing import SigningKey, verify

KEY = SigningKey(bytes(range(32)))
MESSAGE = "Сводка 7: проголосовало 402 117".encode()


def _fault(act, *arguments: object) -> Fault:  # type: ignore[no-untyped-def]
    with pytest.raises(VaultError) as refusal:
        act(*arguments)
    assert "\n" not in str(refusal.value)
    return refusal.value.code


# RFC 8032, section 7.1, tests 1 to 3
@pytest.mark.parametrize(
    ("key", "public_key", "message", "signature"),
    [
        (
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
            "d25bf5f0595bbe24655141438e7a100b",
        ),
        (
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
            "387b2eaeb4302aeeb00d291612bb0c00",
        ),
        (
            "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
            "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
            "4a7c15e9716ed28dc027beceea1ec40a",
        ),
    ],
)
def test_keys_and_signatures_are_those_of_the_rfc(key: str, public_key: str, message: str, signature: str) -> None:
    signing = SigningKey(bytes.fromhex(key))
    assert signing.public_key.hex() == public_key
    assert signing.sign(bytes.fromhex(message)).hex() == signature
    assert verify(*(bytes.fromhex(each) for each in (public_key, message, signature)))


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=300))
def test_another_program_reads_the_signatures(key: bytes, message: bytes) -> None:
    signing = SigningKey(key)
    signature = signing.sign(message)
    assert (len(signing.public_key), len(signature)) == (32, 64)
    assert verify(signing.public_key, message, signature)
    eddsa.new(eddsa.import_public_key(signing.public_key), "rfc8032").verify(message, signature)  # raises if wrong


def test_one_changed_byte_anywhere_is_not_signed() -> None:
    whole = [KEY.public_key, MESSAGE, KEY.sign(MESSAGE)]
    assert verify(*whole)
    for number, part in enumerate(whole):
        for place in range(len(part)):
            changed = part[:place] + bytes([part[place] ^ 1 << place % 8]) + part[place + 1 :]
            assert not verify(*whole[:number], changed, *whole[number + 1 :])


def test_another_key_did_not_sign_it() -> None:
    assert not verify(SigningKey(bytes(32)).public_key, MESSAGE, KEY.sign(MESSAGE))


@given(st.binary(max_size=70), st.binary(max_size=10), st.binary(max_size=70))
def test_nonsense_is_not_signed_and_never_fails(public_key: bytes, message: bytes, signature: bytes) -> None:
    assert verify(public_key, message, signature) is False
    assert verify(KEY.public_key, message, signature) is False
    assert verify(public_key, message, KEY.sign(message)) is False


@pytest.mark.parametrize("wrong", [None, 5, "", "k" * 32, "s" * 64, [], [0] * 64, bytes(64)])
def test_arguments_of_a_wrong_kind_are_not_signed_and_never_fail(wrong: object) -> None:
    signature = KEY.sign(MESSAGE)
    assert verify(wrong, MESSAGE, signature) is False  # type: ignore[arg-type]
    assert verify(KEY.public_key, wrong, signature) is False  # type: ignore[arg-type]
    assert verify(KEY.public_key, MESSAGE, wrong) is False  # type: ignore[arg-type]
    assert verify(KEY.public_key, signature + MESSAGE, wrong) is False  # type: ignore[arg-type]


def test_a_key_to_which_anything_would_be_signed_is_not_believed() -> None:
    for weak in (bytes(32), b"\1" + bytes(31), b"\xec" + b"\xff" * 30 + b"\x7f"):  # points of small order
        assert not verify(weak, MESSAGE, weak + bytes(32))


def test_the_key_is_made_once_and_loads_as_the_same(tmp_path: Path) -> None:
    path = tmp_path / "var" / "signing.key"
    made = SigningKey.create(path)
    before = path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert [each.name for each in path.parent.iterdir()] == ["signing.key"]  # nothing unfinished is left
    assert _fault(SigningKey.create, path) is Fault.FILE_EXISTS
    assert path.read_bytes() == before
    loaded = SigningKey.load(path)
    assert loaded.public_key == made.public_key
    assert loaded.sign(MESSAGE) == made.sign(MESSAGE)
    assert SigningKey.create(tmp_path / "another").public_key != made.public_key


def test_the_file_says_what_it_is_and_which_key_is_to_be_published(tmp_path: Path) -> None:
    made = SigningKey.create(tmp_path / "signing.key")
    content = json.loads((tmp_path / "signing.key").read_text())
    assert len(base64.b64decode(content.pop("key"))) == 32
    assert base64.b64decode(content.pop("public_key")) == made.public_key
    assert content == {"dauys": "signing key", "version": 1}


def test_a_missing_or_open_key_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "signing.key"
    assert _fault(SigningKey.load, path) is Fault.FILE_MISSING
    SigningKey.create(path)
    path.chmod(0o640)
    assert _fault(SigningKey.load, path) is Fault.FILE_OPEN_TO_OTHERS


def test_a_file_in_place_of_the_folder_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("in the way")
    assert _fault(SigningKey.create, tmp_path / "var" / "signing.key") is Fault.FILE_UNUSABLE


@pytest.mark.parametrize(
    "change",
    [
        {"key": base64.b64encode(bytes(32)).decode()},
        {"key": base64.b64encode(bytes(31)).decode()},
        {"key": None},
        {"public_key": base64.b64encode(bytes(32)).decode()},
        {"public_key": ""},
        {"note": "mine"},
        {"version": 2},
        {"dauys": "secret keys"},
    ],
)
def test_a_damaged_key_file_is_refused_and_its_key_is_not_told(tmp_path: Path, change: dict[str, object]) -> None:
    path = tmp_path / "signing.key"
    SigningKey.create(path)
    content = json.loads(path.read_text())
    path.write_text(json.dumps(content | change))
    with pytest.raises(VaultError) as refusal:
        SigningKey.load(path)
    assert refusal.value.code is Fault.FILE_DAMAGED
    assert str(path) in str(refusal.value)
    assert content["key"] not in str(refusal.value)


@pytest.mark.parametrize("missing", ["key", "public_key"])
def test_a_missing_field_is_refused(tmp_path: Path, missing: str) -> None:
    path = tmp_path / "signing.key"
    SigningKey.create(path)
    path.write_text(json.dumps({k: v for k, v in json.loads(path.read_text()).items() if k != missing}))
    assert _fault(SigningKey.load, path) is Fault.FILE_DAMAGED


def test_the_key_does_not_show_in_repr_or_str() -> None:
    for shown in (repr(SigningKey(b"K" * 32)), str(SigningKey(b"K" * 32))):
        assert "KKKK" not in shown
        assert b"KKKK".hex() not in shown
        assert base64.b64encode(b"K" * 32).decode() not in shown
