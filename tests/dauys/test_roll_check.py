"""What a committee is shown of a roll before it opens."""

import pytest

from tests.dauys.command_line import CommandLine

HEADINGS = "member_id;name;phone;region;branch\n"


def _phone(number: int) -> str:
    return f"+7701{number:07d}"


def _roll(*rows: tuple[str, str, str]) -> str:
    """Rows of (member id, phone, branch)."""
    return HEADINGS + "".join(f"{member};Участник;{phone};Алматы;{branch}\n" for member, phone, branch in rows)


@pytest.fixture
def loaded(dauys: CommandLine) -> CommandLine:
    dauys.succeeds("election", "new", ".")
    dauys.succeeds("election", "load", "election.toml")
    return dauys


def _take_in(dauys: CommandLine, *rows: tuple[str, str, str]) -> None:
    dauys.write("roll.csv", _roll(*rows))
    dauys.succeeds("roll", "import", "roll.csv")


def test_on_a_roll_with_phones_far_apart_there_is_nothing_to_look_at(loaded: CommandLine) -> None:
    assert "dauys roll import" in loaded("roll", "check").refusal
    _take_in(loaded, *((f"m{n}", _phone(n * 1000), "Центр") for n in range(30)))
    assert loaded.succeeds("roll", "check") == "Roll version 1: 30 members.\nNothing to look at.\n"
    found = loaded("roll", "check", "--json").json
    assert (found["roll_version"], found["members"]) == (1, 30)
    assert (found["shared"]["phones"], found["consecutive"]["runs"], found["grown"]) == (0, 0, [])


def test_phones_in_a_row_are_named_by_their_ends_their_branches_and_some_of_their_members(loaded: CommandLine) -> None:
    bulk = [(f"b{n}", _phone(5_000_010 + n), "Юг" if n else "Центр") for n in (0, 1, 3, 5, 6, 7)]
    few = [(f"f{n}", _phone(7_000_000 + n), "Центр") for n in range(4)]
    _take_in(loaded, *bulk, *few, ("x1", _phone(5_000_007), "Центр"))
    found = loaded("roll", "check", "--json").json["consecutive"]
    assert found == {
        "runs": 1,
        "phones": 6,
        "longest": [
            {
                "first": "+7 701 *** ** 10",
                "last": "+7 701 *** ** 17",
                "phones": 6,
                "branches": {"Алматы · Юг": 5, "Алматы · Центр": 1},
                "member_ids": ["b0", "b1", "b3", "b5", "b6"],
            }
        ],
    }
    shown = loaded.succeeds("roll", "check")
    assert "Phones in a row: 1 runs, 6 phones" in shown
    assert not [phone for _, phone, _ in (*bulk, *few) if phone in shown or phone[-7:] in shown]


def test_a_shared_phone_is_named_with_those_who_share_it(loaded: CommandLine) -> None:
    crowd = [(f"s{n}", _phone(1), "Центр") for n in range(7)]
    pair = [("p1", _phone(500), "Юг"), ("p2", _phone(500), "Центр")]
    _take_in(loaded, *pair, *crowd)
    found = loaded("roll", "check", "--json").json
    assert (found["shared"]["phones"], found["shared"]["members"]) == (2, 9)
    assert [(each["phone"], each["members"]) for each in found["shared"]["largest"]] == [
        ("+7 701 *** ** 01", 7),
        ("+7 701 *** ** 00", 2),
    ]
    assert found["shared"]["largest"][1]["member_ids"] == ["p1", "p2"]
    assert found["paper_only"]["why"] == {"shared": 9}


def test_branches_that_grew_in_one_step_or_little_by_little_are_named(loaded: CommandLine) -> None:
    big = [(f"c{n}", _phone(n * 100), "Центр") for n in range(300)]
    small = [(f"u{n}", _phone(1_000_000 + n * 100), "Юг") for n in range(40)]
    _take_in(loaded, *big[:280], *small[:20])
    assert "grew" not in loaded.succeeds("roll", "check")
    _take_in(loaded, *small[20:29])
    assert loaded("roll", "check", "--json").json["grown"] == []
    _take_in(loaded, *small[29:38], *big[280:])
    found = loaded("roll", "check", "--json").json
    assert found["grown"] == [{"branch": "Алматы · Юг", "members": 38, "before": 29, "at_first": 20}]
    assert found["late"]["versions"] == [
        {"version": 2, "members": 309, "more": 9},
        {"version": 3, "members": 338, "more": 29},
    ]
    _take_in(loaded, *((f"n{n}", _phone(2_000_000 + n * 100), "Север") for n in range(12)))
    grown = loaded("roll", "check", "--json").json["grown"]
    assert {"branch": "Алматы · Север", "members": 12, "before": 0, "at_first": 0} in grown


def test_changes_since_the_freeze_are_named_with_those_who_made_them(opened: CommandLine) -> None:
    opened.write("later.csv", _roll(("m20", _phone(77), "Центр")))
    words = ("--as", "Organiser One", "--reason", "found at the meeting", "--json")
    number = opened("roll", "import", "later.csv", *words).json["proposal"]
    opened.succeeds("approve", str(number), "--as", "Committee One")
    (change,) = opened("roll", "check", "--json").json["late"]["changes"]
    assert (change["version"], change["what"], change["reason"]) == (2, "1 added, 0 changed", "found at the meeting")
    assert change["by"] == ["Organiser One", "Committee One"]
    assert "Changes since the freeze: 1" in opened.succeeds("roll", "check")


def test_who_can_vote_on_paper_only_or_in_nothing_is_counted_by_branch(drafted: CommandLine) -> None:
    found = drafted("roll", "check", "--json").json
    assert found["paper_only"] == {
        "members": 5,
        "why": {"none": 1, "invalid": 1, "landline": 1, "shared": 2},
        "branches": [{"branch": "Астана · Север", "members": 6, "paper_only": 5}],
    }
    assert found["no_contest"] == []
    text = (drafted.folder / "election.toml").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines(keepends=True) if not line.startswith("regions = ")]
    drafted.write("election.toml", "".join(lines).replace("[[contest]]\n", '[[contest]]\nregions = ["Алматы"]\n'))
    drafted.succeeds("election", "load", "election.toml")
    assert drafted("roll", "check", "--json").json["no_contest"] == [{"branch": "Астана · Север", "members": 6}]
    assert "Nothing to vote in: 6 members" in drafted.succeeds("roll", "check")
