"""Files that are missing, damaged, of another kind or not ours alone: one sentence each, and nothing is changed."""

import os

import pytest

from tests.dauys.command_line import CommandLine

NOISE = bytes(range(256)) * 64


@pytest.mark.parametrize(
    ("words", "mend"),
    [
        (["election", "load", "nothing.toml"], "nothing.toml: No such file or directory."),
        (["election", "load", "."], ".: Is a directory."),
        (["election", "load", "cp1251.toml"], "cp1251.toml is not UTF-8 text; save it as UTF-8."),
        (["election", "new", "cp1251.toml"], "cp1251.toml: File exists."),
        (["roll", "import", "nothing.csv"], "nothing.csv"),
        (["roll", "import", "."], "Is a directory"),
        (["roll", "import", "cp1251.toml"], "--map member_id="),
        (["tally", "--share", "nothing.json", "--out", "result"], "nothing.json: there is no such file."),
        (["tally", "--share", "cp1251.toml", "--out", "result"], "cp1251.toml is damaged"),
        (["turnout", "--json"], "No election is loaded"),
        (["roll", "freeze"], "No election is loaded"),
        (["keys", "ceremony", "--out", "shares"], "No election is loaded"),
        (["election", "close"], "No election is loaded"),
    ],
    ids=" ".join,
)
def test_each_is_refused_with_the_mend(dauys: CommandLine, words: list[str], mend: str) -> None:
    dauys.write("cp1251.toml", 'title = "Выборы"'.encode("cp1251"))
    assert mend in dauys(*words).refusal
    assert not (dauys.folder / "shares").exists()
    assert not (dauys.folder / "result").exists()


def test_a_store_that_is_no_database_is_refused_and_left_alone(dauys: CommandLine) -> None:
    store = dauys.write("store.sqlite3", NOISE)
    assert "store.sqlite3" in dauys("election", "status").refusal
    assert store.read_bytes() == NOISE


def test_a_damaged_page_in_the_store_is_one_sentence_that_names_the_table(dauys: CommandLine) -> None:
    rows = "\n".join(f"m{number},+7701{number:07d},Region {number % 5}" for number in range(2000))
    dauys.write("roll.csv", "member_id,phone,region\n" + rows)
    dauys.succeeds("election", "new", ".")
    dauys.succeeds("election", "load", "election.toml")
    dauys.succeeds("roll", "import", "roll.csv")
    store = dauys.folder / "store.sqlite3"
    content = bytearray(store.read_bytes())
    content[300_000:] = os.urandom(len(content) - 300_000)
    store.write_bytes(content)
    for words in (["roll", "freeze"], ["election", "status"], ["roll", "import", "roll.csv"]):
        assert "voter cannot be read" in dauys(*words).refusal


def test_a_key_file_that_others_may_read_is_refused_with_the_mend(drafted: CommandLine) -> None:
    keys = drafted.folder / "keys.json"
    assert keys.stat().st_mode & 0o777 == 0o600
    keys.chmod(0o644)
    assert f"chmod 600 {keys}" in drafted("turnout").refusal
    keys.chmod(0o600)
    assert drafted("turnout").code == 0


def test_a_damaged_key_file_is_refused_and_never_replaced(drafted: CommandLine) -> None:
    keys = drafted.folder / "keys.json"
    keys.write_text("{}")
    assert "keys.json is damaged" in drafted("turnout").refusal
    assert keys.read_text() == "{}"


def test_the_key_file_may_be_neither_a_folder_nor_below_a_file(dauys: CommandLine) -> None:
    assert "Is a directory" in dauys("turnout", SECRET_KEY_FILE=".").refusal
    dauys.write("file", "")
    assert "file/keys.json" in dauys("turnout", SECRET_KEY_FILE="file/keys.json").refusal
