import hashlib
import tomllib
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

import pytest

from election.definition import Definition, Words
from election.election_file import ElectionFileErrors, example, parse
from election.errors import OperatorRefusal

SMALL = """\
[election]
id = "club-2026"
title = "Клуб"

[commission]
two_person = false

[[contest]]
id = "chair"
title = { kk = "Төраға", ru = "Председатель", en = "Chair" }
[[contest.candidate]]
id = "1"
name = "Бірінші"
[[contest.candidate]]
id = "2"
name = "Екінші"
"""

POLICY = SMALL + "[policy]\n"
BULLETINS = SMALL + "[bulletins]\n"


def said(text: str) -> list[str]:
    """The sentences about a file that cannot be used."""
    with pytest.raises(ElectionFileErrors) as caught:
        parse(text)
    return [str(mistake) for mistake in caught.value.mistakes]


def changed(old: str, new: str) -> str:
    assert SMALL.count(old) == 1
    return SMALL.replace(old, new)


def commission(line: str) -> str:
    return changed("two_person = false\n", f"two_person = false\n{line}\n")


def test_the_example_has_no_mistakes_and_shows_every_key_at_its_default() -> None:
    read = parse(example())
    assert [contest.id for contest in read.contests] == ["chair", "council"]
    defaults = Definition(id="", title=Words("", "", ""), contests=())
    assert read.policy == defaults.policy
    assert (read.commission.two_person, read.commission.trustees, read.commission.threshold) == (True, 5, 3)
    assert read.timezone == defaults.timezone


def test_the_example_may_have_its_times_uncommented() -> None:
    text = example().replace("# opens", "opens").replace("# closes", "closes")
    read = parse(text)
    assert read.opens is not None
    assert read.closes is not None
    assert read.opens < read.closes


def test_the_example_explains_every_key() -> None:
    lines = example().split("\n")
    first_keys = set()
    for before, line in pairwise(lines):
        key = line.partition(" = ")[0]
        if " = " in line and not line.startswith("#") and key not in first_keys:
            first_keys.add(key)
            assert key in {"id", "name", "role", "phone", "channels", "at", "threshold"} or before.startswith("#")
    for key in ("role:", "phone:", "branches", "regions", "opens", "unlimited", "rotated", "two_person"):
        assert key in example()


def test_a_small_file_gets_the_defaults() -> None:
    read = parse(SMALL)
    assert read.id == "club-2026"
    assert read.title == Words("Клуб", "Клуб", "Клуб")
    assert read.contests[0].title == Words("Төраға", "Председатель", "Chair")
    assert read.contests[0].choose == 1
    assert read.contests[0].blank
    assert read.contests[0].regions is None
    assert (read.opens, read.closes) == (None, None)


def test_everything_that_may_be_written_arrives() -> None:
    read = parse(
        changed("[commission]\n", "opens = 2026-12-01T09:00:00\ncloses = 2026-12-03T20:00:00+03:00\n[commission]\n")
        .replace("two_person = false", "two_person = true\ntrustees = 3\nthreshold = 2")
        .replace('id = "1"\n', 'id = "1"\nabout = "Инженер"\n')
        .replace(
            "[[contest.candidate]]",
            'choose = 2\norder = "rotated"\nblank = false\nregions = [" Алматы "]\n'
            'branches = ["A", "B"]\n[[contest.candidate]]',
            1,
        )
        + """
[[commission.member]]
name = "One"
role = "organiser"
phone = "+77010000001"
[[commission.member]]
name = "Two"
role = "committee"
[policy]
redo_limit = "unlimited"
redo_wait = "1h30m"
void_window = "2d"
assurance = "code"
sms_voting = false
sms_per_hour = 900
shared_phone_limit = 5
complaint_deadline = "1d"
[bulletins]
at = ["20:00", "09:30"]
channels = ["@turnout", -1001234567890, "-100987"]
"""
    )
    assert read.opens == datetime(2026, 12, 1, 4, tzinfo=UTC)
    assert read.closes == datetime(2026, 12, 3, 17, tzinfo=UTC)
    assert read.policy.redo_limit is None
    assert read.policy.redo_wait == timedelta(minutes=90)
    assert read.policy.void_window == timedelta(days=2)
    assert (read.policy.assurance, read.policy.sms_voting, read.policy.sms_per_hour) == ("code", False, 900)
    assert read.policy.shared_phone_limit == 5
    assert read.policy.complaint_deadline == timedelta(days=1)
    assert [(officer.name, officer.role, officer.phone) for officer in read.commission.officers] == [
        ("One", "organiser", "+77010000001"),
        ("Two", "committee", ""),
    ]
    assert (read.commission.trustees, read.commission.threshold) == (3, 2)
    assert read.bulletins.at == (time(9, 30), time(20))
    assert read.bulletins.channels == ("@turnout", "-1001234567890", "-100987")
    contest = read.contests[0]
    assert (contest.choose, contest.order, contest.blank) == (2, "rotated", False)
    assert contest.regions == frozenset({"Алматы"})
    assert contest.branches == frozenset({"A", "B"})
    assert contest.candidates[0].about == Words("Инженер", "Инженер", "Инженер")


def test_the_digest_is_the_hash_of_the_bytes_of_the_file() -> None:
    for text in (SMALL, SMALL.replace("\n", "\r\n"), "\ufeff" + SMALL):
        assert parse(text).digest == hashlib.sha256(text.encode()).hexdigest()


def test_a_file_of_windows_names_the_same_lines() -> None:
    broken = changed('id = "club-2026"', 'id = "club 2026"')
    assert said(broken)[0].startswith("line 2: [election]: id")
    assert said("\ufeff" + broken.replace("\n", "\r\n")) == said(broken)


def test_a_mistake_is_one_sentence_with_line_place_problem_and_mend() -> None:
    text = changed('[[contest.candidate]]\nid = "1"', 'choose = 5\n[[contest.candidate]]\nid = "1"')
    assert said(text) == [
        'line 11: contest "chair": choose = 5, but there are 2 candidates; write a number from 1 to 2'
    ]


def test_all_mistakes_are_told_at_once_in_the_order_of_the_lines() -> None:
    text = (
        changed('id = "club-2026"', "id = 7")
        .replace('title = "Клуб"', 'title = { kk = "A", ru = "Б" }')
        .replace("two_person = false", "two_person = 0")
        .replace('name = "Екінші"', 'name = " бірінші "\nphone = "1"')
    )
    sentences = said(text)
    assert [sentence.split(":")[0] for sentence in sentences] == [
        "line 2",
        "line 3",
        "line 6",
        "line 16",
        "line 17",
    ]
    assert "English (en)" in sentences[1]
    assert 'contest "chair", candidate 2' in sentences[3]


def test_the_error_is_one_the_command_line_can_show() -> None:
    with pytest.raises(OperatorRefusal) as caught:
        parse("[election]\n")
    assert caught.value.code == "election_file"
    assert caught.value.sentence.count("\n") >= 2


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (SMALL + "[polici]\n", 'line 17: the file: "polici" is unknown here; did you mean policy?'),
        (POLICY + "redo_limits = 1", 'line 18: [policy]: "redo_limits" is unknown here; did you mean redo_limit?'),
        (SMALL + "blank = true", 'candidate 2: "blank" is unknown here; move it to [[contest]]'),
        (SMALL + "zzz = true", 'candidate 2: "zzz" is unknown here; take it out; known here: id, name, about'),
        (changed('id = "club-2026"\n', ""), 'line 1: [election]: id is missing; add id = "…"'),
        (changed('id = "club-2026"', 'id = "-club"'), "line 2: [election]: id = \"-club\" cannot be read"),
        (changed('id = "club-2026"', f'id = "{"a" * 33}"'), "line 2: [election]: id"),
        (changed('id = "club-2026"', 'id = "клуб"'), "line 2: [election]: id = \"клуб\" cannot be read"),
        (changed('id = "1"', "id = 1"), 'candidate 1: id = 1 cannot be read; put it in quotes: "1"'),
        (changed('id = "2"', 'id = "1"'), 'line 15: contest "chair", candidate 2: id = "1" is another candidate\'s'),
        (changed('"Екінші"', '"  "'), 'line 16: contest "chair", candidate 2: name is empty'),
        (changed('"Екінші"', '""'), "name is empty"),
        (changed('"Екінші"', '"""a\nb"""'), "name has a line break"),
        (changed('"Екінші"', f'"{"я" * 201}"'), "name has 201 signs; write at most 200"),
        (changed('"Екінші"', '{ kk = "A", ru = "Бірінші", en = "C" }'), 'name = "Бірінші" is another candidate\'s'),
        (changed('"Екінші"', '{ kk = "A", ru = "B", en = "C", de = "D" }'), 'name has a language "de"'),
        (changed('"Екінші"', '{ kk = "A", ru = 5, en = "C" }'), "name.ru = 5 is not a text"),
        (changed('en = "Chair"', 'fr = "x"'), "title is missing in English (en)"),
        (changed('[commission]', 'timezone = "Asia/Almati"\n[commission]'), 'did you mean "Asia/Almaty"?'),
        (changed('[commission]', 'timezone = "../etc"\n[commission]'), 'timezone = "../etc" is not known'),
        (changed('[commission]', 'timezone = "Asia"\n[commission]'), 'timezone = "Asia" is not known'),
        (changed('[commission]', 'opens = "2026-12-01"\n[commission]'), "write a date and a time without quotes"),
        (changed('[commission]', 'opens = 2026-12-01\n[commission]'), "opens = 2026-12-01 cannot be read"),
        (
            changed(
                '[commission]', "opens = 2026-12-01T09:00:00\ncloses = 2026-12-01T09:00:00+05:00\n[commission]"
            ),
            "line 6: [election]: closes (2026-12-01T09:00:00+05:00) is not after opens",
        ),
        (POLICY + "redo_limit = -1", "line 18: [policy]: redo_limit = -1 cannot be read"),
        (POLICY + "redo_limit = true", "redo_limit = true cannot be read"),
        (POLICY + 'redo_limit = "some"', 'write 0, 1, 2 … without quotes, or "unlimited"'),
        (POLICY + "redo_limit = 1.5", "redo_limit = 1.5 cannot be read"),
        (POLICY + 'complaint_deadline = "59m"', "complaint_deadline is too short; write an hour or more"),
        (POLICY + 'redo_wait = "2"', 'redo_wait = "2" cannot be read'),
        (POLICY + 'redo_wait = ""', 'redo_wait = "" cannot be read'),
        (POLICY + "redo_wait = 2", "redo_wait = 2 cannot be read"),
        (POLICY + 'redo_wait = "30m1h"', "redo_wait"),
        (POLICY + 'paper = "loses"', 'paper = "loses" cannot be read'),
        (POLICY + 'assurance = "contact"', 'did you mean "contact+code"?'),
        (POLICY + 'sms_voting = "no"', "write true or false, without quotes"),
        (POLICY + "sms_per_hour = -5", "write a whole number of 0 or more"),
        (commission("trustees = 4"), "line 7: [commission]: trustees = 4 is too few for threshold = 3"),
        (commission("threshold = 4"), "a threshold of at most 3"),
        (commission("threshold = 1"), "lets each trustee open the box alone"),
        (commission("trustees = 21"), "write a whole number from 1 to 20"),
        (BULLETINS + 'at = ["10:00", "9:00"]', 'line 18: [bulletins]: at has "9:00"; write hours'),
        (BULLETINS + 'at = ["24:00"]', 'at has "24:00"'),
        (BULLETINS + 'at = [\n"10:00",\n"10:00"]', 'line 20: [bulletins]: at names "10:00" twice; take one out'),
        (BULLETINS + 'at = "10:00"', 'write a list, such as ["…", "…"]'),
        (BULLETINS + "at = [10:00:00]", "at = 10:00:00 is not a text; put it in quotes"),
        (BULLETINS + 'channels = ["turnout"]', 'channels has "turnout"; write "@name"'),
        (BULLETINS + "channels = [true]", "channels = true is not a text"),
        (SMALL.split("[[contest]]")[0], "there is no contest; add a [[contest]]"),
        (SMALL.split("[[contest.candidate]]")[0], 'line 8: contest "chair": there are no candidates'),
        (changed("[[contest]]", "[contest]"), "contest must be a list of tables; write [[contest]], in two brackets"),
        (SMALL + "[[policy]]\n", "line 17: the file: policy is not a section; write [policy], in single brackets"),
        (SMALL.replace("en = ", "choose = "), 'title has a language "choose"'),
        (changed("[[contest]]\n", "[[contest]]\nchoose = 0\n"), "write a whole number of 1 or more"),
        (changed("[[contest]]\n", '[[contest]]\norder = "random"\n'), 'write "listed" or "rotated"'),
        (changed("[[contest]]\n", "[[contest]]\nregions = []\n"), "regions is empty, so nobody would vote"),
        (changed("[[contest]]\n", '[[contest]]\nregions = ["A", ""]\n'), "regions is empty; write something"),
        (changed("[[contest]]\n", '[[contest]]\nbranches = "A"\n'), 'branches = "A" cannot be read'),
        (SMALL + SMALL[SMALL.index("[[contest]]") :], 'line 18: contest "chair": id = "chair" is another contest\'s'),
    ],
)  # fmt: skip
def test_each_mistake_is_named_with_its_mend(text: str, sentence: str) -> None:
    sentences = said(text)
    assert any(sentence in told for told in sentences), sentences


@pytest.mark.parametrize(
    ("member", "sentence"),
    [
        ('role = "clerk"', "line 18: commission, member 1: name is missing"),
        ('name = "A"', "role is missing"),
        ('name = "A"\nrole = "organizer"', 'role = "organizer" cannot be read; did you mean "organiser"?'),
        ('name = "A"\nrole = "boss"', 'write "organiser", "committee", "clerk", "observer" or "operator"'),
        ('name = "A"\nrole = "clerk"\nphone = "87010000001"', 'phone = "87010000001" cannot be read'),
        ('name = "A"\nrole = "clerk"\nphone = 77010000001', "phone = 77010000001 cannot be read; put it in quotes"),
        ('name = "one"\nrole = "clerk"', 'name = "One" stands twice'),
        ('name = "A"\nrole = "clerk"\nphone = "+77010000009"', 'phone = "+77010000009" stands twice'),
    ],
)  # fmt: skip
def test_each_mistake_about_a_member_of_the_commission_is_named(member: str, sentence: str) -> None:
    other = '[[commission.member]]\nname = "One"\nrole = "observer"\nphone = "+77010000009"\n'
    text = SMALL + "\n[[commission.member]]\n" + member + "\n" + other
    assert any(sentence in told for told in said(text)), said(text)


def test_a_hundred_candidates_are_taken_and_one_more_is_not() -> None:
    def with_candidates(number: int) -> str:
        head = SMALL.split("[[contest.candidate]]")[0]
        return head + "".join(f'[[contest.candidate]]\nid = "{n}"\nname = "N{n}"\n' for n in range(number))

    assert len(parse(with_candidates(100)).contests[0].candidates) == 100
    assert said(with_candidates(101)) == ['line 311: contest "chair": there are 101 candidates; write at most 100']


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("id", "line 1: end of the file: there is no = after the key; write each line as key = value"),
        ("a = 1\nb = “x”", "line 2: column 5: the value cannot be read; put a text in straight quotes"),
        ('a = "x\nb = 1', "line 1: column 7: a text is not closed"),
        ('a = """x\n', "line 1: end of the file: a text is not closed"),
        ("a = [1\nb = 2", "line 2: column 1: a list is not closed"),
        ("a = { b = 1\n}", "line 1: column 12: a { is not closed"),
        ("[a]\nb = 1\n[a]\n", "line 3: column 3: this section stands twice"),
        ("[a]\nb = 1\nb = 2\nc = 3", "line 3: column 6: this key stands twice in its section; take one out"),
        ("a = { b = 1, b = 2 }", "line 1: column 19: this key stands twice between { and }"),
        ("a = 1 b = 2", "line 1: column 7: something stands after the value"),
        ("[a\nb = 1", "line 1: column 3: the heading is not closed"),
        ("a = 2026-02-30T00:00:00", "line 1: column 5: there is no such date or hour"),
        ("id = 1\nключ = 1", "line 2: column 1: this is neither a key nor a [section]"),
        ("a = " + "[" * 5000, "line 1: the file: brackets are nested too deeply"),
        ("a = " + "9" * 5000, "line 1: the file: a number in it is far too long"),
        ('a = "\x07"', "line 1: column 6: this is not TOML (Illegal character '\\x07')"),
    ],
)
def test_a_mistake_of_toml_is_told_in_plain_words(text: str, sentence: str) -> None:
    (told,) = said(text)
    assert told.startswith(sentence)


def test_toml_itself_agrees_that_the_small_file_is_whole() -> None:
    assert set(tomllib.loads(SMALL)) == {"election", "commission", "contest"}
