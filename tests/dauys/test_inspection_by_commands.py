"""A hand in the database, as the operator hears of it: one sentence that names the table."""

import json
import sqlite3
from contextlib import closing

import pytest

from tests.dauys.command_line import CommandLine

WRONGS = {
    "election": "UPDATE election SET definition = '', stage = 'half open'",
    "voter": "UPDATE voter SET \"right\" = 'open', voted_by = NULL WHERE member_id = 'm1'",
    "leaf": "DELETE FROM leaf WHERE kind = 'ballot' AND key = (SELECT min(key) FROM leaf WHERE kind = 'ballot')",
    "log": "UPDATE log SET frontier = x'00'",
    "act": "UPDATE act SET payload = CAST(x'ff' AS TEXT) WHERE number = 1",
    "envelope": "UPDATE envelope SET sealed_ballot = x'' WHERE key = (SELECT min(key) FROM envelope)",
    "outbox": "UPDATE outbox SET sealed_phone = x'00' WHERE id = 1",
    "share_commitment": "UPDATE share_commitment SET commitment = x'' WHERE trustee = 2",
    "alembic_version": "UPDATE alembic_version SET version_num = '0005'",
}


def _wrong(dauys: CommandLine, statement: str) -> None:
    with closing(sqlite3.connect(dauys.folder / "store.sqlite3", isolation_level=None)) as hand:
        hand.execute("PRAGMA ignore_check_constraints = ON")
        hand.execute(statement)


def test_a_store_that_is_in_order_is_said_to_be(closed: CommandLine) -> None:
    assert "every row of the store is as dauys left it" in closed.succeeds("election", "status")
    assert closed("election", "status", "--json").json["inspection"] == {"in_order": True, "damaged": [], "said": ""}
    closed.succeeds("bulletin", "publish")


@pytest.mark.parametrize("table", WRONGS)
def test_status_and_the_next_bulletin_name_the_damaged_table(closed: CommandLine, table: str) -> None:
    _wrong(closed, WRONGS[table])
    for words in (("election", "status"), ("bulletin", "publish")):
        refusal = closed(*words).refusal
        assert refusal.startswith(f"The store is damaged (1 row of {table}): ")
        assert refusal.endswith(".")
    said = closed("election", "status", "--json")
    assert said.code == 1
    told = json.loads(said.out)
    assert told["inspection"]["damaged"] == [{"table": table, "rows": 1}]
    assert told["inspection"]["said"] == said.err.removesuffix("\n")


@pytest.mark.parametrize("words", [("turnout",), ("roll", "freeze"), ("export", "bundle"), ("election", "close")])
def test_whatever_stumbles_over_damage_names_the_table(closed: CommandLine, words: tuple[str, ...]) -> None:
    _wrong(closed, "UPDATE election SET definition = 'no [[file', roll_frozen_at = NULL")
    assert "1 row of election" in closed(*words).refusal


def test_the_box_is_opened_all_the_same_and_the_result_says_that_the_store_was_damaged(closed: CommandLine) -> None:
    _wrong(closed, WRONGS["envelope"])
    shares = [word for number in (1, 2, 3) for word in ("--share", f"shares/share-{number}.json")]
    said = closed.succeeds("tally", *shares, "--out", "result")
    assert "1 row of envelope" in said
    assert "IT DOES NOT RECONCILE" in said
