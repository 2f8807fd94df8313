"""A bulletin of turnout: numbered, signed, chained to the one before, and refused where it does not reconcile.

It is JSON in canonical form, so that equal contents are equal bytes and one changed byte is a changed bulletin. Every
figure has its own name; percentages are for pages, which name the base. What must add up is in
`election/bulletin_problems.py`; `board/verify.py` checks the same from outside and shares no line with it.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from election import bulletin_paper as paper
from election.books import Books
from election.bulletin_complaints import in_public
from election.bulletin_problems import problems
from election.bulletin_rules import PublicKeys, in_languages, public_rules
from election.bulletin_rulings import closing
from election.bulletin_rulings import told as ruled
from election.definition import Definition
from election.errors import OperatorRefusal
from election.leaf import KINDS
from election.log import Frontier
from election.ports import RegionTurnout
from election.standing import Standing
from election.turnout import OTHER_REGIONS, by_hour, merged, turnout

Sign = Callable[[bytes], bytes]
"""The signature of a message, always the same for the same message, as in Ed25519."""

ROLL_CHANGE = "roll"
"""What an incident is called that is a change of the roll; any other is called as its act."""


class BulletinRefused(OperatorRefusal):
    """The bulletin is not published, for these reasons, a sentence each."""

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__("bulletin_refused", " ".join(["The bulletin is not published.", *reasons]))
        self.reasons = tuple(reasons)


def canonical(told: Mapping[str, Any]) -> bytes:
    """JSON in the one form in which it is hashed and signed: UTF-8, keys in the order of their code points, no space
    between tokens, no escapes but those that must be, one line feed at the end. Numbers are to be whole."""
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode() + b"\n"


def signed(told: Mapping[str, Any], sign: Sign) -> bytes:
    """The canonical bytes with a `signature` (hex) over the canonical bytes without it.

    One key signs bulletins, results and manifests: `kind`, which each of them has, keeps them apart.
    """
    return canonical({**told, "signature": sign(canonical(told)).hex()})


def make(
    books: Books,
    definition: Definition,
    keys: PublicKeys,
    at: datetime,
    sign: Sign,
    *,
    final: bool = False,
    result_digest: str = "",
) -> bytes:
    """The next bulletin, signed by `keys.signing_key`. Pure: the same books give the same bytes.

    `final`: the last one, after the close, under which all leaves are in the log. `result_digest`: the SHA-256 (hex)
    of the published result. Raises BulletinRefused for whatever does not reconcile.
    """
    previous = _previous(books.last, sign)
    try:
        bulletin = draw_up(books, definition, keys, at=at, final=final, result_digest=result_digest)
    except ValueError as error:
        raise BulletinRefused([f"The frontier of the log is damaged: {error}."]) from None
    found = problems(books, bulletin, previous)
    if keys.ballot_key != books.record.public_key:
        found.append("The key kept in the store is not the one that is to be published.")
    if found:
        raise BulletinRefused(found)
    return signed(bulletin, sign)


def draw_up(
    books: Books,
    definition: Definition,
    keys: PublicKeys,
    *,
    at: datetime,
    final: bool = False,
    result_digest: str = "",
) -> Mapping[str, Any]:
    """What the books say, as the next bulletin says it: not checked and not signed.

    Raises ValueError for a damaged frontier, or a bulletin before this one that is not JSON.
    """
    record = books.record
    counted = turnout(books.regions, record.roll_version, at)
    frontier = Frontier.unpacked(books.frontier)
    return {
        "kind": "bulletin",
        "number": _number(books.last) + 1,
        "at": _moment(at),
        "election": definition.id,
        "title": in_languages(definition.title),
        "final": final,
        "stage": record.stage,
        "definition_digest": definition.digest,
        "rules_digest": hashlib.sha256(canonical(public_rules(definition))).hexdigest(),
        "keys_digest": hashlib.sha256(canonical(keys.as_json(definition.id))).hexdigest(),
        "two_person": definition.commission.two_person,
        "roll_version": record.roll_version,
        "roll_digest": record.roll_digest,
        "roll_changes": len(books.roll_changes),
        "electorate": counted.electorate,
        "enrolled": counted.enrolled,
        "paper_roll": sum(region.paper_roll for region in books.regions),
        "voted": counted.voted,
        "by_channel": dict(counted.by_channel),
        "void": sum(region.void for region in books.regions),
        **_by_region(books.regions),
        "closes": closing(Standing(record, definition).closes),
        "struck": ruled(definition, record.rulings),
        "hours": [
            {"from": _moment(row.start), "to": _moment(row.end), **row.by_channel} for row in by_hour(books.hours)
        ],
        "redos": sum(books.reasons.values()),
        "reasons": _reasons(books.reasons),
        "complaints": in_public(books.complaints),
        "paper": paper.in_public(books.stations),
        "log": {
            "size": frontier.size,
            "root": frontier.root().hex(),
            "leaves": {kind: books.placed.get(kind, 0) for kind in KINDS},
            "waiting": {kind: books.waiting.get(kind, 0) for kind in KINDS},
        },
        "standing": books.standing,
        "paper_over": books.paper_over,
        "urn": books.urn,
        "incidents": _incidents(books),
        "result_digest": result_digest,
        "previous": hashlib.sha256(books.last).hexdigest() if books.last else "",
    }


def _previous(last: bytes | None, sign: Sign) -> Mapping[str, Any] | None:
    """The bulletin before, once it is clear that this key signed it: signing it again gives the same bytes."""
    if last is None:
        return None
    try:
        told = json.loads(last)
        unsigned = {name: value for name, value in told.items() if name != "signature"}
        if signed(unsigned, sign) == last:
            return unsigned
    except (ValueError, AttributeError, RecursionError):
        pass
    raise BulletinRefused(["The bulletin before this one is not as it was signed, or another key signed it."])


def _number(last: bytes | None) -> int:
    return int(json.loads(last)["number"]) if last else 0


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def _by_region(regions: Sequence[RegionTurnout]) -> Mapping[str, Any]:
    """The rows, and under `merged` the names of the regions that stand together in the row `*`."""
    rows = merged(regions)
    named = {row.region for row in rows} - {OTHER_REGIONS}
    return {
        "by_region": [
            {"region": row.region, "electorate": row.electorate, "enrolled": row.enrolled, "voted": row.voted}
            for row in rows
        ],
        "merged": sorted({region.region for region in regions} - named),
    }


def _reasons(reasons: Mapping[tuple[str, str], int]) -> Sequence[Mapping[str, Any]]:
    """Votes cast again, by branch and reason. Small branches stand together under an empty name, last, by the same
    rule as small regions, so that none is given away by what remains of the sum."""
    again: Counter[str] = Counter()
    not_me: Counter[str] = Counter()
    for (branch, reason), number in reasons.items():
        (not_me if reason == "not-me" else again)[branch] += number
    branches = [branch for branch in again | not_me if again[branch] + not_me[branch]]
    rows = merged([RegionTurnout(branch, 0, 0, again[branch], not_me[branch], 0) for branch in branches])
    named = sorted({row.region for row in rows} - {OTHER_REGIONS, ""})
    told = [{"branch": branch, "again": again[branch], "not_me": not_me[branch]} for branch in named]
    rest = [branch for branch in branches if branch not in named]
    if rest:
        in_rest = {"again": sum(again[branch] for branch in rest), "not_me": sum(not_me[branch] for branch in rest)}
        told.append({"branch": "", **in_rest})
    return told


def _incidents(books: Books) -> Sequence[Mapping[str, Any]]:
    """What was done: each act by its number and kind, each new version of the roll, each paper station that did not add
    up. No reason, and nobody's name."""
    acts = [{"at": _moment(act.at), "what": act.kind, "act": act.number} for act in books.acts]
    changes = [
        {"at": _moment(change.at), "what": ROLL_CHANGE, "act": change.act, "roll_version": change.version}
        for change in books.roll_changes
    ]
    stations = [{"at": _moment(act.at), "act": act.number, **told} for act, told in paper.incidents(books.acts)]
    return [*acts, *changes, *stations]
