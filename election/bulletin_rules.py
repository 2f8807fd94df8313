"""The rules and the keys of an election as the public has them: everything the file says, but nobody's phone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from election.definition import Candidate, Commission, Contest, Definition, Policy, Words


@dataclass(frozen=True, slots=True)
class PublicKeys:
    """The key that ballots are sealed to, how many shares open it, the commitment to each share; the key that signs.

    Before the ceremony `ballot_key` is None, `threshold` 0 and `commitments` empty.
    """

    ballot_key: bytes | None
    threshold: int
    commitments: Sequence[bytes]
    signing_key: bytes

    def as_json(self, election: str) -> Mapping[str, Any]:
        """The keys as JSON values."""
        return {
            "kind": "keys",
            "election": election,
            "ballot_key": self.ballot_key.hex() if self.ballot_key else "",
            "threshold": self.threshold,
            "commitments": [commitment.hex() for commitment in self.commitments],
            "signing_key": self.signing_key.hex(),
        }


def public_rules(definition: Definition) -> Mapping[str, Any]:
    """The rules as JSON values: times in ISO 8601, durations in seconds, sets in order, None where nothing is said.

    `definition_digest` is that of the file itself, which stays with the commission since phones stand in it.
    """
    return {
        "kind": "rules",
        "definition_digest": definition.digest,
        "election": definition.id,
        "title": in_languages(definition.title),
        "timezone": definition.timezone,
        "opens": _moment(definition.opens),
        "closes": _moment(definition.closes),
        "policy": _policy(definition.policy),
        "commission": _commission(definition.commission),
        "bulletins": {
            "at": [f"{due:%H:%M}" for due in definition.bulletins.at],
            "channels": list(definition.bulletins.channels),
        },
        "contests": [_contest(contest) for contest in definition.contests],
    }


def in_languages(words: Words) -> Mapping[str, str]:
    """A text as JSON."""
    return {"kk": words.kk, "ru": words.ru, "en": words.en}


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None


def _policy(policy: Policy) -> Mapping[str, Any]:
    told = {
        "redo_limit": policy.redo_limit,
        "redo_wait": int(policy.redo_wait.total_seconds()),
        "void_window": int(policy.void_window.total_seconds()),
        "paper": policy.paper,
        "assurance": policy.assurance,
        "sms_voting": policy.sms_voting,
        "sms_per_hour": policy.sms_per_hour,
    }
    if policy.shared_phone_limit != Policy().shared_phone_limit:
        told["shared_phone_limit"] = policy.shared_phone_limit
    if policy.complaint_deadline != Policy().complaint_deadline:  # so that rules published before it keep their hash
        told["complaint_deadline"] = int(policy.complaint_deadline.total_seconds())
    return told


def _commission(commission: Commission) -> Mapping[str, Any]:
    return {
        "two_person": commission.two_person,
        "trustees": commission.trustees,
        "threshold": commission.threshold,
        "members": [{"name": officer.name, "role": officer.role} for officer in commission.officers],
    }


def _contest(contest: Contest) -> Mapping[str, Any]:
    return {
        "id": contest.id,
        "title": in_languages(contest.title),
        "choose": contest.choose,
        "order": contest.order,
        "blank": contest.blank,
        "regions": None if contest.regions is None else sorted(contest.regions),
        "branches": None if contest.branches is None else sorted(contest.branches),
        "candidates": [_candidate(candidate) for candidate in contest.candidates],
    }


def _candidate(candidate: Candidate) -> Mapping[str, Any]:
    return {
        "id": candidate.id,
        "name": in_languages(candidate.name),
        "about": in_languages(candidate.about) if candidate.about else None,
    }
