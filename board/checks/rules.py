"""The rules, the keys and the roll, against the bulletins that name them."""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from board.checks.bulletin import Bulletin, in_languages
from board.checks.files import Manifest
from board.checks.reading import Broken, Fields, is_hex, open_file

_ROW = re.compile(rb"[0-9a-f]{64}\n")
_ROW_BYTES = 64 + len("\n")


@dataclass(frozen=True, slots=True)
class Contest:
    """A contest as the count must follow it. `for_all`: everybody votes in it."""

    id: str
    title: Mapping[str, str]
    choose: int
    blank: bool
    for_all: bool
    candidates: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Rules:
    """The public rules, as far as anything else is held against them."""

    election: str
    definition_digest: str
    title: Mapping[str, str]
    two_person: bool
    closes: datetime | None
    contests: Sequence[Contest]


@dataclass(frozen=True, slots=True)
class Keys:
    """The key that ballots are sealed to (empty before the ceremony) and the key that signs."""

    election: str
    ballot_key: str
    threshold: int
    commitments: Sequence[str]
    signing_key: str


def read_rules(told: Fields) -> Rules:
    """The rules. Raises Broken."""
    if told.text("kind") != "rules":
        raise Broken("holds no rules")
    for name in ("timezone", "opens", "policy", "bulletins"):
        told.skip(name)
    contests = [_contest(contest) for contest in told.rows("contests")]
    if len({contest.id for contest in contests}) != len(contests):
        raise Broken("has one contest twice")
    rules = Rules(
        election=told.text("election"),
        definition_digest=told.hash("definition_digest", empty=True),
        title=in_languages(told, "title"),
        two_person=told.fields("commission").flag("two_person"),
        closes=_closes(told),
        contests=contests,
    )
    told.end()
    return rules


def read_keys(told: Fields) -> Keys:
    """The keys. Raises Broken."""
    if told.text("kind") != "keys":
        raise Broken("holds no keys")
    keys = Keys(
        election=told.text("election"),
        ballot_key=told.hash("ballot_key", empty=True),
        threshold=told.number("threshold"),
        commitments=told.texts("commitments"),
        signing_key=told.hash("signing_key"),
    )
    told.end()
    if not all(is_hex(commitment, 32) for commitment in keys.commitments):
        raise Broken("has a commitment that is not 32 bytes in hexadecimal")
    return keys


def wrong_rules(
    rules: Rules, keys: Keys, digests: tuple[str, str], manifest: Manifest, bulletins: Sequence[Bulletin]
) -> Iterator[str]:
    """Where the rules, the keys and the bulletins are not of one election, a sentence each.

    `digests`: the SHA-256 (hex) of rules.json and of keys.json.
    """
    last = bulletins[-1]
    elections = {manifest.election, rules.election, keys.election, *(bulletin.election for bulletin in bulletins)}
    if len(elections) != 1:
        yield "the papers are not all of one election"
    due = (("rules.json", last.rules_digest), ("keys.json", last.keys_digest))
    for (name, told), found in zip(due, digests, strict=True):
        if told != found:
            yield f"{name} is not the file whose hash bulletin {last.number} names"
    if (rules.definition_digest, rules.title, rules.two_person) != (
        last.definition_digest,
        last.title,
        last.two_person,
    ):
        yield f"rules.json does not say what bulletin {last.number} says of the rules"
    if not keys.ballot_key and last.stage != "draft":
        yield "keys.json has no key to seal ballots to, though voting has begun"
    if not (1 if keys.ballot_key else 0) <= keys.threshold <= len(keys.commitments):
        yield f"keys.json asks for {keys.threshold} of {len(keys.commitments)} shares"


def wrong_roll(folder: Path, last: Bulletin) -> Iterator[str]:
    """Whether roll.txt is the roll whose hash and size the newest bulletin names. Raises Broken."""
    digest, rows, before = sha256(), 0, b""
    try:
        with os.fdopen(open_file(folder / "roll.txt"), "rb", buffering=2**16) as file:
            while (row := file.readline(_ROW_BYTES + 1)) and rows <= last.electorate:
                digest.update(row)
                rows += 1
                if row <= before or not _ROW.fullmatch(row):
                    yield f"roll.txt, line {rows}, is no hash, or not in order"
                before = row
    except Broken as broken:
        raise Broken(f"roll.txt {broken}") from None
    except OSError:
        raise Broken("roll.txt cannot be read") from None
    if rows != last.electorate:
        yield f"roll.txt has {rows} rows or more, bulletin {last.number} has {last.electorate} members on the roll"
    elif digest.hexdigest() != last.roll_digest:
        yield f"roll.txt is not the roll whose hash bulletin {last.number} names"


def _closes(told: Fields) -> datetime | None:
    text = told.told.get("closes")
    if text is None:
        told.skip("closes")
        return None
    try:
        return datetime.fromisoformat(told.text("closes"))
    except ValueError:
        raise Broken("has an hour of closing that cannot be read") from None


def _contest(told: Fields) -> Contest:
    candidates = {}
    for candidate in told.rows("candidates"):
        name = candidate.text("id")
        if name in candidates:
            raise Broken("has one candidate twice")
        candidates[name] = in_languages(candidate, "name")
    for_all = all(told.told.get(name, "") is None for name in ("regions", "branches"))
    return Contest(
        id=told.text("id"),
        title=in_languages(told, "title"),
        choose=told.number("choose"),
        blank=told.flag("blank"),
        for_all=for_all,
        candidates=candidates,
    )
