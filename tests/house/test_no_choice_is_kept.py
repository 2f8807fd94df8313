"""After an election with marked candidates every byte of every file is searched, and the journal: no choice is in any
of them, in whatever writing, and after the cut nothing that says whose a ballot was.

The candidates themselves are public: they stand in the rules, on the page and in the result. So each must stand in a
file as often as the others, although they got nine votes, four and two.
"""

import base64
import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.house.house import ROOT
from tests.house.marked_election import IDS, NAMES

MOMENTS = ("drafts", "box", "counted")


@dataclass(frozen=True)
class Searched:
    """What was left behind: every file at three moments, the journal, and the secrets of it."""

    files: dict[str, dict[str, bytes]]
    journal: bytes
    secrets: dict[str, Any]

    def everything(self) -> Iterator[tuple[str, bytes]]:
        """Each file of each moment by its name, and the journal."""
        yield "journal", self.journal
        for moment, files in self.files.items():
            for name, content in files.items():
                yield f"{moment}: {name}", content


@pytest.fixture(scope="module")
def searched(tmp_path_factory: pytest.TempPathFactory) -> Searched:
    """In a process of its own, because a journal, once begun, is the whole process's."""
    folder = tmp_path_factory.mktemp("marked")
    command = [sys.executable, "-m", "tests.house.marked_election", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=120)
    assert done.returncode == 0, done.stderr.decode()
    files = {moment: dict(_files(folder / "kept" / moment)) for moment in MOMENTS}
    return Searched(files, done.stderr, json.loads(done.stdout))


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield str(path.relative_to(folder)), path.read_bytes()


def _writings(secret: bytes) -> set[bytes]:
    """How bytes may stand in a file: as they are, in hexadecimal, in base64 wherever they begin."""
    found = {secret, secret.hex().encode(), secret.hex().upper().encode()}
    for skipped in range(3):
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            found.add(encode(bytes(skipped) + secret)[4 * (skipped > 0) :].rstrip(b"=")[: 4 * (len(secret) // 3 - 1)])
    return found


def _spellings(word: str) -> set[bytes]:
    """How a word may stand in a file: in any of its letters' sizes, any encoding, escaped, in hexadecimal or base64."""
    found = set()
    for spelt in (word, word.lower(), word.upper()):
        escaped = json.dumps(spelt).strip('"').encode()
        found |= {escaped, quote(spelt).encode(), spelt.encode("utf-16-be")}
        for encoding in ("utf-8", "utf-16-le", "cp1251"):
            found |= _writings(spelt.encode(encoding))
    return found


SPELLINGS = {word: _spellings(word) for word in (*IDS, *NAMES)}


def _counts(content: bytes, words: list[str]) -> list[int]:
    return [sum(content.count(spelling) for spelling in SPELLINGS[word]) for word in words]


def test_everything_there_is_was_searched_and_the_search_finds_what_is_there(searched: Searched) -> None:
    database = {"dauys.sqlite3", "dauys.sqlite3-wal", "dauys.sqlite3-shm", "dauys-fleeting.sqlite3", "keys.json"}
    for moment in ("drafts", "box"):
        assert database | {"envelope-primaries.key"} <= searched.files[moment].keys()
    assert "metrics.txt" in searched.files["box"]
    counted = searched.files["counted"]
    assert {"dauys.sqlite3", "said.txt", "result/urn.txt", "result/result.json", "board/latest.json"} <= counted.keys()
    assert {"bundle/rules.json", "bundle/result.json", "bundle/log/1.txt", "board/index.html"} <= counted.keys()
    for words in (IDS, NAMES):
        assert all(_counts(searched.files["box"]["dauys.sqlite3-wal"], words))
        assert all(_counts(counted["bundle/rules.json"], words))
    assert b"marked_election_over" in searched.journal


@pytest.mark.parametrize("words", [IDS, NAMES], ids=["ids", "names"])
def test_no_candidate_stands_anywhere_more_often_than_another(searched: Searched, words: list[str]) -> None:
    for name, content in searched.everything():
        times = _counts(content, words)
        assert len(set(times)) == 1, f"{name}: {dict(zip(words, times, strict=True))}"


def test_drafts_journal_metrics_and_the_public_log_name_no_candidate_at_all(searched: Searched) -> None:
    silent = ("journal", "fleeting", "metrics", "log/", ".key", "keys.json", "urn.txt", "bulletins/", "roll.txt")
    looked = [(name, content) for name, content in searched.everything() if any(part in name for part in silent)]
    assert len(looked) > 12
    for name, content in looked:
        if not name.endswith("urn.txt"):  # the file of the rules is in it, for the recount
            assert _counts(content, [*IDS, *NAMES]) == [0] * 6, name


def test_no_ballot_stands_anywhere_unsealed(searched: Searched) -> None:
    plain = [bytes.fromhex(ballot) for ballot in searched.secrets["ballots"]]
    assert len(set(plain)) == 4
    for secret in (*plain, bytes.fromhex(searched.secrets["head"])):
        for writing in _writings(secret):
            assert [name for name, content in searched.everything() if writing in content] == []


def test_all_sealed_ballots_have_one_length(searched: Searched, tmp_path: Path) -> None:
    (length,) = searched.secrets["lengths"]
    (tmp_path / "store").write_bytes(searched.files["counted"]["dauys.sqlite3"])
    with sqlite3.connect(tmp_path / "store") as database:
        found = database.execute("SELECT length(sealed_ballot), count(*) FROM urn GROUP BY 1").fetchall()
    assert found == [(length, 15)]
    plain = {len(ballot) // 2 for ballot in searched.secrets["ballots"]}
    assert plain == {length - 48}


def test_after_the_cut_no_key_and_no_pseudonym_says_whose_a_ballot_was(searched: Searched) -> None:
    k_env = bytes.fromhex(searched.secrets["k_env"])
    pseudonyms = [bytes.fromhex(each) for each in searched.secrets["pseudonyms"]]
    before, counted = searched.files["box"], searched.files["counted"]
    assert base64.b64encode(k_env) in before["envelope-primaries.key"]
    assert all(pseudonym in before["dauys.sqlite3-wal"] for pseudonym in pseudonyms)
    for secret in (k_env, *pseudonyms):
        for writing in _writings(secret):
            assert [name for name, content in counted.items() if writing in content] == []
            assert writing not in searched.journal
