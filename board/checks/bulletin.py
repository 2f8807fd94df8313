"""One bulletin as an observer reads it: every field there, of its shape, and no other."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from board.checks.reading import Broken, Fields
from election.leaf import KINDS

STAGES = {"draft": 0, "open": 1, "paused": 1, "closed": 2, "counted": 3}
CHANNELS = ("telegram", "sms", "paper")
_OF_PAPER = ("stations", "issued", "cast", "spoilt", "returned", "out", "missing", "excess")
_OF_A_STATION = ("issued", "cast", "spoilt", "returned", "roll")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: the name, and its figures by their names."""

    name: str
    figures: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Hours:
    """One line of the table by hour: from one moment to before another, and first votes by channel."""

    start: datetime
    end: datetime
    votes: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Ruled:
    """A candidate on whom there was a ruling, and whether she is struck off now."""

    contest: str
    title: Mapping[str, str]
    candidate: str
    name: Mapping[str, str]
    in_force: bool


@dataclass(frozen=True, slots=True)
class Bulletin:
    """A bulletin whose every field has the shape it must have. `digest` is the SHA-256 (hex) of its bytes, `acts` are
    the numbers of the acts told, `changes` the version and the act of each change of the roll. `hours` is None in
    bulletins of a program that noted no hours, and so are `complaints`, `paper` and `ruled`."""

    digest: str
    fields: Fields
    number: int
    at: datetime
    election: str
    title: Mapping[str, str]
    final: bool
    stage: str
    definition_digest: str
    rules_digest: str
    keys_digest: str
    two_person: bool
    roll_version: int
    roll_digest: str
    roll_changes: int
    electorate: int
    enrolled: int
    paper_roll: int
    voted: int
    by_channel: Mapping[str, int]
    void: int
    by_region: Sequence[Row]
    merged: Sequence[str]
    closes: datetime | None
    ruled: Sequence[Ruled] | None
    hours: Sequence[Hours] | None
    redos: int
    reasons: Sequence[Row]
    complaints: Mapping[str, int] | None
    paper: Mapping[str, int] | None
    size: int
    root: str
    leaves: Mapping[str, int]
    waiting: Mapping[str, int]
    standing: int
    paper_over: int
    urn: int
    acts: Collection[int]
    changes: Sequence[tuple[int, int]]
    incidents: frozenset[tuple[str, ...]]
    result_digest: str
    previous: str
    signature: bytes

    @property
    def by_phone(self) -> int:
        """Members whose vote by Telegram or SMS stands."""
        return self.by_channel["telegram"] + self.by_channel["sms"]

    @property
    def struck_off(self) -> set[tuple[str, str]]:
        """Contest and candidate of those who are struck off."""
        return {(each.contest, each.candidate) for each in self.ruled or () if each.in_force}

    def by_hours(self, channel: str) -> int:
        """First votes by this channel, of all hours."""
        return sum(row.votes[channel] for row in self.hours or ())

    def all_leaves(self, kind: str) -> int:
        """Leaves of this kind, in the log and waiting for it."""
        return self.leaves[kind] + self.waiting[kind]


def read(told: Fields, digest: str) -> Bulletin:
    """The bulletin. Raises Broken for a field that is missing, unknown or of another shape."""
    if told.text("kind") != "bulletin":
        raise Broken("is no bulletin")
    log = told.fields("log")
    acts, changes, incidents = _incidents(told)
    bulletin = Bulletin(
        digest=digest,
        fields=told,
        number=told.number("number"),
        at=moment(told.text("at")),
        election=told.text("election"),
        title=in_languages(told, "title"),
        final=told.flag("final"),
        stage=told.text("stage"),
        definition_digest=told.hash("definition_digest", empty=True),
        rules_digest=told.hash("rules_digest"),
        keys_digest=told.hash("keys_digest"),
        two_person=told.flag("two_person"),
        roll_version=told.number("roll_version"),
        roll_digest=told.hash("roll_digest"),
        roll_changes=told.number("roll_changes"),
        electorate=told.number("electorate"),
        enrolled=told.number("enrolled"),
        paper_roll=told.number("paper_roll"),
        voted=told.number("voted"),
        by_channel=told.counts("by_channel", CHANNELS),
        void=told.number("void"),
        by_region=_rows(told, "by_region", "region", ("electorate", "enrolled", "voted")),
        merged=told.texts("merged"),
        closes=_closes(told) if told.has("closes") else None,
        ruled=_ruled(told) if told.has("closes") else None,
        hours=_hours(told) if told.has("hours") else None,
        redos=told.number("redos"),
        reasons=_rows(told, "reasons", "branch", ("again", "not_me")),
        complaints=_complaints(told) if told.has("complaints") else None,
        paper=told.counts("paper", _OF_PAPER) if told.has("paper") else None,
        size=log.number("size"),
        root=log.hash("root"),
        leaves=log.counts("leaves", KINDS),
        waiting=log.counts("waiting", KINDS),
        standing=told.number("standing"),
        paper_over=told.number("paper_over"),
        urn=told.number("urn"),
        acts=acts,
        changes=changes,
        incidents=incidents,
        result_digest=told.hash("result_digest", empty=True),
        previous=told.hash("previous", empty=True),
        signature=bytes.fromhex(told.hash("signature", 64)),
    )
    log.end()
    told.end()
    if bulletin.stage not in STAGES:
        raise Broken("has a field “stage” that is no stage of an election")
    return bulletin


def in_languages(told: Fields, name: str) -> Mapping[str, str]:
    """A text in the three languages."""
    words = told.fields(name)
    found = {language: words.text(language) for language in ("kk", "ru", "en")}
    words.end()
    return found


def moment(text: str) -> datetime:
    """A moment in UTC, to the second, in the one form in which bulletins write it. Raises Broken."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.utcoffset() != timedelta(0) or found.isoformat(timespec="seconds") != text:
        raise Broken("has a time that is not written as 2026-12-01T04:00:00+00:00")
    return found


def _rows(told: Fields, name: str, called: str, figures: Sequence[str]) -> Sequence[Row]:
    rows = []
    for fields in told.rows(name):
        rows.append(Row(fields.text(called), {figure: fields.number(figure) for figure in figures}))
        fields.end()
    return rows


def _hours(told: Fields) -> Sequence[Hours]:
    rows = []
    for fields in told.rows("hours"):
        votes = {channel: fields.number(channel) for channel in CHANNELS}
        rows.append(Hours(moment(fields.text("from")), moment(fields.text("to")), votes))
        fields.end()
    return rows


def _complaints(told: Fields) -> Mapping[str, int]:
    fields = told.fields("complaints")
    names = ["filed", "open", "upheld", "rejected", "no_fault", *(["pressed"] if fields.has("pressed") else [])]
    counts = {name: fields.number(name) for name in names}
    fields.end()
    return counts


def _closes(told: Fields) -> datetime | None:
    text = told.text("closes")
    return moment(text) if text else None


def _ruled(told: Fields) -> Sequence[Ruled]:
    rows = []
    for row in told.rows("struck"):
        title, name = in_languages(row, "title"), in_languages(row, "name")
        rows.append(Ruled(row.text("contest"), title, row.text("candidate"), name, row.flag("in_force")))
        row.end()
    return rows


def _incidents(told: Fields) -> tuple[list[int], list[tuple[int, int]], frozenset[tuple[str, ...]]]:
    """The acts told, the changes of the roll, and each incident as texts. A change has a version, a paper station that
    did not add up its name and figures, an act has neither."""
    acts, changes, incidents = [], [], set()
    for incident in told.rows("incidents"):
        moment(incident.text("at"))
        incident.text("what")
        act = incident.number("act")
        if incident.has("roll_version"):
            changes.append((incident.number("roll_version"), act))
        elif incident.has("station"):
            incident.text("station")
            for figure in _OF_A_STATION:
                incident.number(figure)
        else:
            acts.append(act)
        incident.end()
        incidents.add(tuple(f"{name}={value}" for name, value in sorted(incident.told.items())))
    return acts, changes, frozenset(incidents)
