"""The [[contest]]s of `election.toml` and their candidates."""

from collections.abc import Sequence
from typing import Literal, cast

from election.ballot import MOST_CONTESTS
from election.definition import LANGUAGES, Candidate, Contest
from election.file_table import NO_WORDS, Table, given, repeats, shown

MOST_CANDIDATES = 100
LONGEST_ABOUT = 1000


def read_contests(file: Table) -> tuple[Contest, ...]:
    """The contests in their order, after noting every mistake in them."""

    def place(number: int) -> str:
        return _contest_place(file, number)

    tables = file.tables("contest", "contest", place)
    if "contest" not in file.values or file.values["contest"] == []:
        file.wrong("", "there is no contest", "add a [[contest]] with its candidates")
    if len(tables) > MOST_CONTESTS:
        file.wrong("contest", f"there are {len(tables)} contests", f"write at most {MOST_CONTESTS}")
    contests = tuple(_contest(table) for table in tables)
    for n in repeats(contest.id or object() for contest in contests):
        tables[n].wrong("id", f"id = {shown(contests[n].id)} is another contest's already", "give each its own")
    return contests


def _contest_place(file: Table, number: int) -> str:
    contests = cast(list[dict[str, object]], file.values["contest"])
    contest_id = contests[number].get("id")
    return f"contest {shown(contest_id)}" if isinstance(contest_id, str) else f"contest {number + 1}"


def _contest(table: Table) -> Contest:
    table.refuse_unknown("[[contest]]")
    rows = table.tables("candidate", "contest.candidate", lambda n: f"{table.place}, candidate {n + 1}")
    candidates = tuple(_candidate(row) for row in rows)
    _check_candidates(table, rows, candidates)
    return Contest(
        id=table.id() or "",
        title=table.words("title", required=True) or NO_WORDS,
        candidates=candidates,
        choose=_choose(table, len(rows)),
        order=cast(Literal["listed", "rotated"], table.one_of("order", ["listed", "rotated"]) or "listed"),
        blank=given(table.flag("blank"), True),
        regions=_places(table, "regions"),
        branches=_places(table, "branches"),
    )


def _choose(table: Table, candidates: int) -> int:
    choose = given(table.whole("choose", 1), 1)
    if choose > candidates > 0:
        there_are, mend = f"there are {candidates} candidates", f"write a number from 1 to {candidates}"
        if candidates == 1:
            there_are, mend = "there is 1 candidate", "write 1"
        table.wrong("choose", f"choose = {choose}, but {there_are}", mend)
    return choose


def _places(table: Table, key: str) -> frozenset[str] | None:
    names = table.texts(key)
    if names == []:
        table.wrong(key, f"{key} is empty, so nobody would vote", "name some, or take it out so that everybody does")
    return None if names is None else frozenset(names)


def _candidate(table: Table) -> Candidate:
    table.refuse_unknown("[[contest.candidate]]")
    about = table.words("about", required=False, longest=LONGEST_ABOUT)
    return Candidate(table.id() or "", table.words("name", required=True) or NO_WORDS, about)


def _check_candidates(contest: Table, rows: Sequence[Table], candidates: Sequence[Candidate]) -> None:
    if not contest.values.get("candidate"):
        contest.wrong("", "there are no candidates", "add a [[contest.candidate]] for each")
    if len(rows) > MOST_CANDIDATES:
        contest.wrong(
            "candidate",
            f"there are {len(rows)} candidates",
            f"write at most {MOST_CANDIDATES}",
            MOST_CANDIDATES,
        )
    for n in repeats(candidate.id or object() for candidate in candidates):
        rows[n].wrong("id", f"id = {shown(candidates[n].id)} is another candidate's already", "give each their own")
    same = {
        n: candidates[n].name.said(language)
        for language in LANGUAGES
        for n in repeats(
            " ".join(candidate.name.said(language).casefold().split()) or object() for candidate in candidates
        )
    }
    for n, name in same.items():
        rows[n].wrong("name", f"name = {shown(name)} is another candidate's already", "tell the two apart")
