"""The [commission] of `election.toml`: who decides, and how many hold the key."""

import re
from collections.abc import Sequence
from typing import cast, get_args

from election.definition import Commission, Officer, Role
from election.file_table import Table, given, repeats, shown

MOST_TRUSTEES = 20

_PHONE = re.compile(r"\+[1-9][0-9]{9,14}")


def read_commission(table: Table) -> Commission:
    """The commission, after noting every mistake in its section."""
    members = table.tables("member", "commission.member", lambda n: f"commission, member {n + 1}")
    trustees, threshold = _key_holders(table)
    commission = Commission(
        two_person=given(table.flag("two_person"), Commission().two_person),
        trustees=trustees,
        threshold=threshold,
        officers=tuple(_officer(member) for member in members),
    )
    _check_officers(table, members, commission)
    return commission


def _officer(table: Table) -> Officer:
    table.refuse_unknown("[[commission.member]]")
    if "role" not in table.values:
        table.wrong("", "role is missing", 'add role = "…"')
    phone = table.text("phone") or ""
    if phone and not _PHONE.fullmatch(phone):
        table.wrong(
            "phone",
            f"phone = {shown(phone)} cannot be read",
            'write + and 10 to 15 digits, as "+77010000001"',
        )
    role = cast(Role, table.one_of("role", get_args(Role)) or "organiser")
    return Officer(table.name() or "", role, phone)


def _key_holders(table: Table) -> tuple[int, int]:
    """Trustees and threshold by the rule of the ceremony: two groups without a common trustee never both open."""
    default = Commission()
    mistakes = len(table.mistakes)
    trustees = given(table.whole("trustees", 1, MOST_TRUSTEES), default.trustees)
    threshold = given(table.whole("threshold", 1, MOST_TRUSTEES), default.threshold)
    if len(table.mistakes) > mistakes:
        return default.trustees, default.threshold
    if threshold == 1 and trustees > 1:
        table.wrong("threshold", "threshold = 1 lets each trustee open the box alone", "write 2 or more")
    elif trustees < 2 * threshold - 1:
        table.wrong(
            "trustees" if "trustees" in table.values else "threshold",
            f"trustees = {trustees} is too few for threshold = {threshold}",
            f"write at least {2 * threshold - 1} trustees, or a threshold of at most {(trustees + 1) // 2}",
        )
    return trustees, threshold


def _check_officers(table: Table, members: Sequence[Table], commission: Commission) -> None:
    officers = commission.officers
    for n in repeats(officer.name.casefold() or object() for officer in officers):
        members[n].wrong("name", f"name = {shown(officers[n].name)} stands twice", "tell the two apart")
    for n in repeats(officer.phone or object() for officer in officers):
        members[n].wrong("phone", f"phone = {shown(officers[n].phone)} stands twice", "give each person an own phone")
