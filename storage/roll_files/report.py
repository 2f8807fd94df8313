"""What an import found: counts of members, and the numbers of the rows behind each."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Final, Self, TextIO

REASONS: Final = (
    "no_phone",
    "invalid_phone",
    "landline",
    "shared_phone_members",
    "repeated_member_id_rows",
    "no_member_id",
    "several_numbers",
)
"""What row numbers are kept of. The first four count members; `can_vote_by_phone` counts the others."""

_ALL: Final = -1  # SQLite's LIMIT for no limit
_SLICE: Final = 10_000


@dataclass(frozen=True, slots=True)
class Report:
    """Counts are of members, except three. `rows`: rows with anything in them. `repeated_member_id_rows`:
    rows that repeat a member id already read. `no_member_id`: rows that name no member. So `members` and
    these two make `rows`. `several_numbers`: members whose cell held two mobiles or more; the first was
    taken, and each is counted in her own place too.

    Row numbers are read from the staging when asked for, so only while it is open.
    """

    rows: int
    members: int
    can_vote_by_phone: int
    no_phone: int
    invalid_phone: int
    landline: int
    shared_phone_members: int
    repeated_member_id_rows: int
    no_member_id: int
    several_numbers: int
    _numbers: Callable[[str, int], Iterator[int]] = field(repr=False, compare=False)

    @classmethod
    def of(
        cls,
        *,
        rows: int,
        members: int,
        can_vote_by_phone: int,
        noted: Mapping[str, int],
        numbers: Callable[[str, int], Iterator[int]],
    ) -> Self:
        """A report from the count of each of REASONS (absent: none) and a way to their row numbers."""
        found = {reason: noted.get(reason, 0) for reason in REASONS}
        return cls(rows=rows, members=members, can_vote_by_phone=can_vote_by_phone, _numbers=numbers, **found)

    def counts(self) -> dict[str, int]:
        """All counts, in the order of the documentation."""
        return {name: getattr(self, name) for name in ("rows", "members", "can_vote_by_phone", *REASONS)}

    def row_numbers(self, reason: str, limit: int = _ALL) -> Iterator[int]:
        """Numbers of the rows behind one of REASONS, ascending; the first `limit` of them."""
        return self._numbers(reason, limit)

    def write_json(self, stream: TextIO) -> None:
        """One JSON object: the counts, and `row_numbers` with all numbers of each of REASONS. Streamed."""
        stream.write(json.dumps(self.counts())[:-1] + ', "row_numbers": {')
        for place, reason in enumerate(REASONS):
            stream.write(("" if place == 0 else ", ") + json.dumps(reason) + ": [")
            numbers, joint = self.row_numbers(reason), ""
            while some := list(islice(numbers, _SLICE)):
                stream.write(joint + ", ".join(map(str, some)))
                joint = ", "
            stream.write("]")
        stream.write("}}\n")

    def write_report(self, path: str | Path) -> None:
        """`write_json` into a file, replacing it. OSError where it cannot be written."""
        with Path(path).open("w", encoding="utf-8") as stream:
            self.write_json(stream)
