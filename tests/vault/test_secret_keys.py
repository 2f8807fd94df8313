import base64
import json
import os
import subprocess
import sys
from dataclasses import astuple
from pathlib import Path

import pytest

from vault.errors import Fault, VaultError
from vault.secret_keys import SecretKeys

ROOT = Path(__file__).parents[2]

RACER = """
import sys
from hashlib import sha256
from dataclasses import astuple
from pathlib import Path
from vault.secret_keys import SecretKeys
print("ready", flush=True)
sys.stdin.readline()
for number in range(150):
    keys = SecretKeys.load_or_create(Path(sys.argv[1]) / str(number) / "secret.keys")
    print(sha256(b"".join(astuple(keys))).hexdigest())
"""


def test_a_missing_key_file_is_made_for_its_owner_only_with_its_folders(tmp_path: Path) -> None:
    path = tmp_path / "var" / "keys" / "secret.keys"
    SecretKeys.load_or_create(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert path.parent.parent.stat().st_mode & 0o777 == 0o700
    assert os.listdir(path.parent) == ["secret.keys"]  # nothing unfinished is left


def test_the_second_start_finds_the_same_six_different_keys(tmp_path: Path) -> None:
    path = tmp_path / "secret.keys"
    first, second = SecretKeys.load_or_create(path), SecretKeys.load_or_create(path)
    assert first == second
    assert len(set(astuple(first))) == 6
    assert {len(key) for key in astuple(first)} == {32}


def test_two_key_files_share_no_key(tmp_path: Path) -> None:
    here, there = (SecretKeys.load_or_create(tmp_path / name) for name in ("here", "there"))
    assert not set(astuple(here)) & set(astuple(there))


def test_processes_that_start_at_once_end_with_the_same_keys(tmp_path: Path) -> None:
    command = [sys.executable, "-c", RACER, str(tmp_path)]
    racers = [
        subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(3)
    ]
    for racer in racers:
        assert racer.stdout is not None
        assert racer.stdout.readline() == "ready\n"
    for racer in racers:
        assert racer.stdin is not None
        racer.stdin.write("go\n")
        racer.stdin.flush()
    seen = [racer.communicate(timeout=60)[0].split() for racer in racers]
    assert [racer.returncode for racer in racers] == [0, 0, 0]
    assert seen[0] == seen[1] == seen[2]
    assert len(set(seen[0])) == 150
    assert all(os.listdir(tmp_path / str(number)) == ["secret.keys"] for number in range(150))


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o601])
def test_a_key_file_that_others_can_reach_is_refused_with_the_mend(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "secret keys"
    SecretKeys.load_or_create(path)
    path.chmod(mode)
    with pytest.raises(VaultError) as refusal:
        SecretKeys.load_or_create(path)
    assert refusal.value.code is Fault.FILE_OPEN_TO_OTHERS
    assert f"chmod 600 '{path}'" in str(refusal.value)


def _content(path: Path) -> dict[str, object]:
    content = json.loads(path.read_text())
    assert isinstance(content, dict)
    return content


@pytest.mark.parametrize(
    "spoil",
    [
        lambda content: b"",
        lambda content: b"\xff\xfe\x00",
        lambda content: b"[]",
        lambda content: b"[" * 60_000,
        lambda content: b" " * 70_000,
        lambda content: json.dumps(content | {"version": 2}).encode(),
        lambda content: json.dumps(content | {"dauys": "key share"}).encode(),
        lambda content: json.dumps(content | {"surplus": "AAAA"}).encode(),
        lambda content: json.dumps(content | {"code": None}).encode(),
        lambda content: json.dumps(content | {"code": "қ" * 44}).encode(),
        lambda content: json.dumps(content | {"code": base64.b64encode(bytes(31)).decode()}).encode(),
        lambda content: json.dumps({k: v for k, v in content.items() if k != "outbox"}).encode(),
        lambda content: json.dumps(content).encode()[:-40],
    ],
)
def test_a_damaged_key_file_is_one_sentence_and_is_left_as_it_is(tmp_path: Path, spoil) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "secret.keys"
    keys = SecretKeys.load_or_create(path)
    spoilt = spoil(_content(path))
    path.write_bytes(spoilt)
    with pytest.raises(VaultError) as refusal:
        SecretKeys.load_or_create(path)
    assert refusal.value.code is Fault.FILE_DAMAGED
    assert str(path) in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert not any(base64.b64encode(key).decode() in str(refusal.value) for key in astuple(keys))
    assert path.read_bytes() == spoilt


def test_a_folder_in_place_of_the_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(VaultError, match="cannot be used") as refusal:
        SecretKeys.load_or_create(tmp_path)
    assert refusal.value.code is Fault.FILE_UNUSABLE


def test_a_file_in_place_of_the_folder_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("in the way")
    with pytest.raises(VaultError) as refusal:
        SecretKeys.load_or_create(tmp_path / "var" / "secret.keys")
    assert refusal.value.code is Fault.FILE_UNUSABLE


def test_the_keys_do_not_show_in_repr_or_str(tmp_path: Path) -> None:
    keys = SecretKeys.load_or_create(tmp_path / "secret.keys")
    for shown in (repr(keys), str(keys), f"{keys}"):
        for key in astuple(keys):
            assert repr(key)[2:-1] not in shown
            assert key.hex() not in shown
            assert base64.b64encode(key).decode() not in shown
        assert "phone" not in shown
