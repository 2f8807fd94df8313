"""The result as it is published: what `election/tally.py` counted, canonical and signed like a bulletin."""

from collections.abc import Mapping
from typing import Any

from election.bulletin import Sign, signed
from election.bulletin_rules import in_languages
from election.definition import Definition
from election.tally import ContestResult, OnPaper, Result


def published(definition: Definition, result: Result, sign: Sign) -> bytes:
    """The bytes of `result.json`, the same for the same count. Their SHA-256 stands in the last bulletin."""
    return signed(
        {
            "kind": "result",
            "election": definition.id,
            "definition_digest": definition.digest,
            "contests": [_contest(contest) for contest in result.contests],
            "totals": {"cast": result.cast, "counted": result.counted, "void_ballots": result.void_ballots},
            "paper": result.paper,
        },
        sign,
    )


def _contest(contest: ContestResult) -> Mapping[str, Any]:
    return {
        "id": contest.id,
        "title": in_languages(contest.title),
        "choose": contest.choose,
        "cast": contest.cast,
        "blank": contest.blank,
        "void": contest.void,
        "marked": contest.marked,
        **({"dropped": contest.dropped} if contest.struck else {}),
        "results": [
            {
                "candidate": line.candidate.id,
                "name": in_languages(line.candidate.name),
                "votes": line.votes,
                **({"struck": True} if line.rank is None else {"rank": line.rank}),
            }
            for line in contest.results
        ],
        **(_on_paper(contest.paper) if contest.paper else {}),
    }


def _on_paper(part: OnPaper) -> Mapping[str, Any]:
    """Where no figure tells on fewer than ten, what of them came on paper."""
    votes = [{"candidate": candidate, "votes": votes} for candidate, votes in sorted(part.votes.items())]
    return {"paper": {"votes": votes, "rest": part.rest}}
