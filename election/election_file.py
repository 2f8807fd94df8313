"""Reading `election.toml`: every mistake is found in one go and named with its line and the mend."""

import hashlib
import re
import zoneinfo
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from difflib import get_close_matches
from importlib import resources
from typing import Literal, cast

from election.definition import Bulletins, Definition, Policy
from election.errors import OperatorRefusal
from election.file_commission import read_commission
from election.file_contests import read_contests
from election.file_syntax import NotToml, read_toml
from election.file_table import NO_WORDS, TOP, Draft, Table, given, shown
from election.line_finder import LineFinder

_DEFAULT_TIMEZONE = "Asia/Almaty"
MOST_ON_A_PHONE = 20
_CHANNEL = re.compile(r"@[A-Za-z][A-Za-z0-9_]{3,31}|-?[1-9][0-9]{0,18}")
_HOUR = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake of the file: where it is, what is wrong, and how to mend it. As text it is one sentence."""

    line: int
    place: str
    problem: str
    mend: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.place}: {self.problem}; {self.mend}"


class ElectionFileErrors(OperatorRefusal):
    """The file cannot be used. `mistakes` are all there are, by line; `sentence` has a line for each."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        super().__init__("election_file", "\n".join(map(str, mistakes)))
        self.mistakes = tuple(mistakes)


def parse(text: str) -> Definition:
    """The election that the text of an `election.toml` defines. Raises ElectionFileErrors with every mistake.

    A time without an offset is local time in the file's `timezone`. `digest` is over the text as it was given:
    read the file as bytes and decode them, for it to be the SHA-256 of the file.
    """
    toml = text.removeprefix("\ufeff")
    try:
        values = read_toml(toml)
    except NotToml as fault:
        raise ElectionFileErrors([Mistake(fault.line, fault.place, fault.problem, fault.mend)]) from None
    mistakes: list[Draft] = []
    definition = _definition(Table(values, (), TOP, mistakes), hashlib.sha256(text.encode()).hexdigest())
    if mistakes:
        lines = LineFinder(toml)
        named = (Mistake(lines.line(draft.path), draft.place, draft.problem, draft.mend) for draft in mistakes)
        raise ElectionFileErrors(sorted(named, key=lambda mistake: mistake.line))
    return definition


def example() -> str:
    """A whole `election.toml` to start from, explained line by line. It has no mistakes."""
    return resources.files("election").joinpath("example.toml").read_text("utf-8")


def _definition(file: Table, digest: str) -> Definition:
    file.refuse_unknown(TOP)
    election = _section(file, "election")
    timezone = _timezone(election)
    opens, closes = (_aware(election.moment(key), timezone) for key in ("opens", "closes"))
    if opens and closes and closes <= opens:
        election.wrong(
            "closes",
            f"closes ({closes.isoformat()}) is not after opens ({opens.isoformat()})",
            "mend one of them",
        )
    return Definition(
        id=election.id() or "",
        title=election.words("title", required=True) or NO_WORDS,
        contests=read_contests(file),
        timezone=timezone.key,
        opens=opens,
        closes=closes,
        policy=_policy(_section(file, "policy")),
        commission=read_commission(_section(file, "commission")),
        bulletins=_bulletins(_section(file, "bulletins")),
        digest=digest,
    )


def _section(file: Table, name: str) -> Table:
    """A [section], empty where it is absent."""
    values = file.values.get(name, {})
    if not isinstance(values, dict):
        file.wrong(name, f"{name} is not a section", f"write [{name}], in single brackets, above its keys")
        values = {}
    section = Table(values, (name,), f"[{name}]", file.mistakes)
    section.refuse_unknown(f"[{name}]")
    return section


def _timezone(election: Table) -> zoneinfo.ZoneInfo:
    name = election.text("timezone")
    try:
        return zoneinfo.ZoneInfo(_DEFAULT_TIMEZONE if name is None else name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        near = get_close_matches(str(name), zoneinfo.available_timezones(), 1)
        mend = f'did you mean "{near[0]}"?' if near else f'write a name such as "{_DEFAULT_TIMEZONE}"'
        election.wrong("timezone", f"timezone = {shown(name)} is not known", mend)
        return zoneinfo.ZoneInfo(_DEFAULT_TIMEZONE)


def _aware(moment: datetime | None, timezone: zoneinfo.ZoneInfo) -> datetime | None:
    return moment.replace(tzinfo=timezone) if moment and moment.tzinfo is None else moment


def _policy(table: Table) -> Policy:
    default = Policy()
    if table.values.get("redo_limit") == "unlimited":
        redo_limit = None
    else:
        redo_limit = given(
            table.whole("redo_limit", 0, mend='write 0, 1, 2 … without quotes, or "unlimited"'),
            default.redo_limit,
        )
    table.one_of("paper", ["wins"])
    return Policy(
        redo_limit=redo_limit,
        redo_wait=given(table.duration("redo_wait"), default.redo_wait),
        void_window=given(table.duration("void_window"), default.void_window),
        assurance=cast(
            Literal["contact+code", "code"],
            given(table.one_of("assurance", ["contact+code", "code"]), default.assurance),
        ),
        sms_voting=given(table.flag("sms_voting"), default.sms_voting),
        sms_per_hour=given(table.whole("sms_per_hour", 0), default.sms_per_hour),
        shared_phone_limit=given(table.whole("shared_phone_limit", 0, MOST_ON_A_PHONE), default.shared_phone_limit),
        complaint_deadline=_complaint_deadline(table),
    )


def _complaint_deadline(table: Table) -> timedelta:
    """How long the committee has for a complaint: an hour at least, for who is reminded needs time to read."""
    length = given(table.duration("complaint_deadline"), Policy().complaint_deadline)
    if length < timedelta(hours=1):
        table.wrong("complaint_deadline", "complaint_deadline is too short", 'write an hour or more, such as "72h"')
    return length


def _bulletins(table: Table) -> Bulletins:
    hours = table.texts("at") or []
    at = []
    for n, hour in enumerate(hours):
        if read := _HOUR.fullmatch(hour):
            at.append(time(int(read[1]), int(read[2])))
        else:
            table.wrong("at", f"at has {shown(hour)}", 'write hours and minutes as "09:30"', n)
    channels = table.texts("channels", numbers=True) or []
    for n, channel in enumerate(channels):
        if not _CHANNEL.fullmatch(channel):
            table.wrong(
                "channels",
                f"channels has {shown(channel)}",
                'write "@name", or the numeric id of the chat',
                n,
            )
    return Bulletins(tuple(sorted(at)), tuple(channels))
