"""What the ledger holds, asked with psql past the program."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from election.receipt import digest
from proofs.members import Diary
from tests.servers import ask_postgres

_COUNTS = """SELECT
    (SELECT count(*) FROM envelope),
    (SELECT count(DISTINCT pseudonym) FROM envelope),
    (SELECT sum(telegram) FROM branch_count),
    (SELECT sum(sms) FROM branch_count),
    (SELECT count(*) FROM outbox WHERE kind = 'notice'),
    (SELECT sum(codes_sent) FROM voter)"""
_VOTED = """SELECT member_id FROM voter WHERE "right" = 'voted'"""
_RECEIPTS = "SELECT encode(digest, 'hex'), count(*) FROM leaf WHERE kind = 'cast' GROUP BY 1"
_LEADER = "SELECT split_part(holder, ':', 2) FROM lease WHERE role = 'clock'"


@dataclass(frozen=True)
class Held:
    """The box, and what was counted beside it."""

    voted: frozenset[str]  # member ids whose right is used
    receipts: Counter[str]  # digests
    envelopes: int
    pseudonyms: int
    by_telegram: int
    by_sms: int
    notices: int
    codes: int

    def lost(self, diaries: Sequence[Diary]) -> int:
        """Votes that members were told of and that are not there: by the right, or by the receipt."""
        told = [diary for diary in diaries if diary.receipt]
        missing = Counter(digest(diary.receipt).hex() for diary in told) - self.receipts
        return max(len({diary.member_id for diary in told} - self.voted), missing.total())

    def doubled(self) -> int:
        """How much more there is than members who voted: of envelopes, receipts, counted votes or notices."""
        most = max(self.envelopes, self.receipts.total(), self.by_telegram + self.by_sms, self.notices)
        return most - len(self.voted)


def held(url: str) -> Held:
    """What the database at this address holds now."""
    envelopes, pseudonyms, by_telegram, by_sms, notices, codes = (int(count) for count in _rows(url, _COUNTS)[0])
    return Held(
        voted=frozenset(row[0] for row in _rows(url, _VOTED)),
        receipts=Counter({row[0]: int(row[1]) for row in _rows(url, _RECEIPTS)}),
        envelopes=envelopes,
        pseudonyms=pseudonyms,
        by_telegram=by_telegram,
        by_sms=by_sms,
        notices=notices,
        codes=codes,
    )


def leader(url: str) -> int:
    """The process number of the leading clock; 0 while none leads."""
    rows = _rows(url, _LEADER)
    return int(rows[0][0]) if rows else 0


def _rows(url: str, statement: str) -> list[list[str]]:
    return [line.split("|") for line in ask_postgres(url, statement).splitlines()]
