"""Members told apart, and the report."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.roll_files import Phone, RollFileError, RollRow, StagedMember, Staging, open_roll

KEYS = [
    *("rows", "members", "can_vote_by_phone", "no_phone", "invalid_phone", "landline", "shared_phone_members"),
    *("repeated_member_id_rows", "no_member_id", "several_numbers"),
]


def row(number: int, member_id: str, phone: Phone, name: str = "") -> RollRow:
    return RollRow(number, member_id, name, phone, "Алматы", "Филиал 1", "ППО 1", "kk")


def mobile(last: int, several: bool = False) -> Phone:
    return Phone(f"+7701000000{last}", "mobile", several)


NONE, INVALID, LANDLINE = Phone(None, "none"), Phone(None, "invalid"), Phone("+77172123456", "landline")


def partition(*rows: RollRow) -> tuple[dict[str, int], dict[str, list[int]], dict[str, str]]:
    with Staging() as staging:
        report = staging.load(rows)
        numbers = {reason: list(report.row_numbers(reason)) for reason in KEYS[3:]}
        return report.counts(), numbers, {m.member_id: m.status for chunk in staging.members(2) for m in chunk}


def test_a_phone_on_two_members_holds_both_back() -> None:
    counts, numbers, status = partition(
        row(2, "a", mobile(1)), row(3, "b", mobile(2)), row(4, "c", mobile(1)), row(5, "d", mobile(1))
    )
    assert (counts["shared_phone_members"], counts["can_vote_by_phone"]) == (3, 1)
    assert numbers["shared_phone_members"] == [2, 4, 5]
    assert status == {"a": "shared", "b": "mobile", "c": "shared", "d": "shared"}


def test_the_last_row_of_a_member_wins_before_phones_are_compared() -> None:
    counts, numbers, status = partition(
        row(2, "a", mobile(1)), row(3, "b", mobile(1)), row(4, "a", mobile(2)), row(5, "a", mobile(3))
    )
    assert (counts["rows"], counts["members"], counts["repeated_member_id_rows"]) == (4, 2, 2)
    assert counts["shared_phone_members"] == 0
    assert numbers["repeated_member_id_rows"] == [4, 5]
    assert status == {"a": "mobile", "b": "mobile"}


def test_a_member_twice_with_one_phone_does_not_share_it_with_herself() -> None:
    counts, _, status = partition(row(2, "a", mobile(1)), row(3, "a", mobile(1)))
    assert (counts["can_vote_by_phone"], counts["repeated_member_id_rows"], status) == (1, 1, {"a": "mobile"})


def test_what_an_earlier_row_of_a_member_said_is_not_reported() -> None:
    counts, numbers, _ = partition(
        row(2, "a", NONE), row(3, "b", mobile(1, True)), row(4, "a", INVALID), row(5, "b", LANDLINE)
    )
    assert (counts["no_phone"], counts["invalid_phone"], counts["landline"], counts["several_numbers"]) == (0, 1, 1, 0)
    assert (numbers["invalid_phone"], numbers["landline"]) == ([4], [5])


def test_a_fixed_line_on_two_members_stays_a_landline_since_no_code_could_reach_it_anyway() -> None:
    _, _, status = partition(row(2, "a", LANDLINE), row(3, "b", LANDLINE))
    assert status == {"a": "landline", "b": "landline"}


def test_a_row_without_a_member_id_is_told_and_shares_its_phone_with_nobody() -> None:
    counts, numbers, status = partition(row(2, "", mobile(1)), row(3, "b", mobile(1)), row(4, "", NONE))
    assert (counts["rows"], counts["members"], counts["no_member_id"]) == (3, 1, 2)
    assert numbers["no_member_id"] == [2, 4]
    assert (counts["repeated_member_id_rows"], status) == (0, {"b": "mobile"})


def test_members_come_whole_and_in_order_of_member_id() -> None:
    rows = [
        row(2, "b", mobile(2), "Ли"),
        row(3, "a", INVALID, "Ан"),
        row(4, "c", LANDLINE),
        row(9, "b", mobile(3), "Ким"),
    ]
    with Staging() as staging:
        staging.load(rows)
        chunks = list(staging.members(chunk=2))
    assert [len(chunk) for chunk in chunks] == [2, 1]
    assert [m.member_id for chunk in chunks for m in chunk] == ["a", "b", "c"]
    assert chunks[0][1] == StagedMember("b", "Ким", "+77010000003", "mobile", "Алматы", "Филиал 1", "ППО 1", "kk", 9)
    assert [(m.phone, m.status) for m in (chunks[0][0], chunks[1][0])] == [
        ("", "invalid"),
        ("+77172123456", "landline"),
    ]


phones = st.one_of(st.integers(1, 6).map(mobile), st.sampled_from([NONE, INVALID, LANDLINE, mobile(1, True)]))


@given(st.lists(st.tuples(st.sampled_from(["", *"abcdefghij"]), phones), max_size=30))
def test_the_report_says_what_a_plain_count_says_and_its_parts_make_the_whole(drawn: list[tuple[str, Phone]]) -> None:
    rows = [row(number, member_id, phone) for number, (member_id, phone) in enumerate(drawn, start=2)]
    counts, numbers, status = partition(*rows)

    final = {r.member_id: r for r in rows if r.member_id}
    holders = Counter(r.phone.e164 for r in final.values() if r.phone.kind == "mobile")
    model = {
        member_id: "shared" if r.phone.kind == "mobile" and holders[r.phone.e164] > 1 else r.phone.kind
        for member_id, r in final.items()
    }
    assert status == model
    for reason, kind in {
        "no_phone": "none",
        "invalid_phone": "invalid",
        "landline": "landline",
        "shared_phone_members": "shared",
    }.items():
        assert numbers[reason] == sorted(final[m].number for m, said in model.items() if said == kind)
    assert counts["can_vote_by_phone"] == sum(said == "mobile" for said in model.values())
    assert counts["members"] == len(final) == sum(counts[key] for key in KEYS[2:7])
    assert counts["rows"] == len(rows)
    assert counts["rows"] == counts["members"] + counts["repeated_member_id_rows"] + counts["no_member_id"]
    assert {reason: len(found) for reason, found in numbers.items()} == {reason: counts[reason] for reason in numbers}


def test_a_dry_run_of_a_real_cp1251_file_writes_the_report_as_json(tmp_path: Path) -> None:
    text = (
        "№ билета;ФИО;Моб. телефон;Область;Язык\r\n"
        "001;Сериков Ержан;8 (701) 000-00-01;Алматы;каз\r\n"
        "\r\n"
        "002;Иванова Мария;+7 702 000 00 02;Абайская область;рус\r\n"
        "003;Ким Олег;87020000002;Шымкент;рус\r\n"
        "004;Ли Анна;нет;Шымкент;\r\n"
        "005;Ан Вера;8701;Шымкент;\r\n"
        "006;Пак Илья;8 7172 12-34-56;Астана;\r\n"
        "001;Сериков Ержан;8 705 000 00 05 / 8 706 000 00 06;Алматы;каз\r\n"
        ";Без номера;87070000007;;\r\n"
    )
    path = tmp_path / "roll.csv"
    path.write_bytes(text.encode("cp1251"))
    with Staging() as staging:
        report = staging.load(open_roll(path, mapping=None, default_region="KZ"))
        report.write_report(tmp_path / "report.json")
        first = list(report.row_numbers("shared_phone_members", limit=1))
    written = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert list(written) == [*KEYS, "row_numbers"]
    assert {key: written[key] for key in KEYS} == {
        "rows": 8,
        "members": 6,
        "can_vote_by_phone": 1,
        "no_phone": 1,
        "invalid_phone": 1,
        "landline": 1,
        "shared_phone_members": 2,
        "repeated_member_id_rows": 1,
        "no_member_id": 1,
        "several_numbers": 1,
    }
    assert written["row_numbers"] == {
        "no_phone": [6],
        "invalid_phone": [7],
        "landline": [8],
        "shared_phone_members": [4, 5],
        "repeated_member_id_rows": [9],
        "no_member_id": [10],
        "several_numbers": [9],
    }
    assert first == [4]


def test_progress_is_told_every_five_thousand_rows_and_at_the_end() -> None:
    told: list[int] = []
    with Staging() as staging:
        staging.load((row(n, str(n), NONE) for n in range(2, 12_003)), told.append)
    assert told == [5_000, 10_000, 12_001]


def test_long_lists_of_row_numbers_are_written_whole(tmp_path: Path) -> None:
    with Staging() as staging:
        staging.load(row(n, str(n), NONE) for n in range(2, 25_002)).write_report(tmp_path / "report.json")
    assert json.loads((tmp_path / "report.json").read_text())["row_numbers"]["no_phone"] == list(range(2, 25_002))


def test_an_error_while_reading_comes_through_as_it_is() -> None:
    def broken() -> Iterator[RollRow]:
        yield row(2, "a", NONE)
        raise RollFileError("stray_quote", row=3, file="roll.csv")

    with pytest.raises(RollFileError, match="Row 3") as refused, Staging() as staging:
        staging.load(broken())
    assert refused.value.code == "stray_quote"


SPILLS = """
import os, signal
from storage.roll_files import Phone, RollRow, Staging

staging = Staging()
phone = Phone("+77010000001", "mobile")
staging.load(RollRow(n, str(n), "Сериков Ержан " * 5, phone, "", "", "", "") for n in range(120_000))
nameless = []
for descriptor in range(3, 64):
    try:
        file = os.fstat(descriptor)
    except OSError:
        continue
    if file.st_nlink == 0 and file.st_size > 1_000_000:
        nameless.append(oct(file.st_mode & 0o777))
print(set(nameless), os.listdir(os.environ["SQLITE_TMPDIR"]), flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_the_working_copy_has_no_name_nobody_else_may_read_it_and_a_kill_leaves_nothing(tmp_path: Path) -> None:
    environment = {**os.environ, "SQLITE_TMPDIR": str(tmp_path), "PYTHONPATH": str(Path.cwd())}
    ended = subprocess.run([sys.executable, "-c", SPILLS], env=environment, capture_output=True, text=True)
    assert ended.stdout.strip() == "{'0o600'} []", ended.stderr
    assert list(tmp_path.iterdir()) == []


FULL_DISK = """
import resource, signal
from storage.roll_files import Phone, RollFileError, RollRow, Staging

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
phone = Phone("+77010000001", "mobile")
try:
    Staging().load(RollRow(n, str(n), "Сериков Ержан " * 5, phone, "", "", "", "") for n in range(120_000))
except RollFileError as refused:
    print(refused.code, "SQLITE_TMPDIR" in refused.sentence)
"""


def test_a_full_disk_is_told_with_the_mend() -> None:
    environment = {**os.environ, "PYTHONPATH": str(Path.cwd())}
    ended = subprocess.run([sys.executable, "-c", FULL_DISK], env=environment, capture_output=True, text=True)
    assert ended.stdout.strip() == "no_room True", ended.stderr
