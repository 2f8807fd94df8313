"""Faults on demand: the outside world as it is on a bad day.

| where     | kinds                                                                        |
|-----------|------------------------------------------------------------------------------|
| bot_api   | too_many (429), server_error (5xx), slow, lost (done, but the answer is cut) |
| updates   | duplicate, out_of_order, slow                                                |
| carrier   | refuse (400), too_many, server_error, unauthorized, slow, lost               |
| delivery  | undelivered, failed, slow, silent (no status callback)                       |
| status    | duplicate, forged                                                            |
| inbound   | duplicate, forged, slow                                                      |
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from rehearsal.chance import Chance

KINDS: Mapping[str, frozenset[str]] = {
    "bot_api": frozenset({"too_many", "server_error", "slow", "lost"}),
    "updates": frozenset({"duplicate", "out_of_order", "slow"}),
    "carrier": frozenset({"refuse", "too_many", "server_error", "unauthorized", "slow", "lost"}),
    "delivery": frozenset({"undelivered", "failed", "slow", "silent"}),
    "status": frozenset({"duplicate", "forged"}),
    "inbound": frozenset({"duplicate", "forged", "slow"}),
}


@dataclass(slots=True)
class Fault:
    """One fault that stands until it is used up or cleared."""

    where: str
    kind: str
    times: int | None = 1  # how many more events it strikes; None: until cleared
    rate: float = 1.0  # the share of events it strikes
    only: str = ""  # bot_api: a method's name; carrier, delivery, status, inbound: the person's phone
    seconds: float = 1.0  # slow: how long
    retry_after: int = 1  # too_many: what the answer asks for, in seconds
    status: int = 502  # server_error: the HTTP status
    code: int = 0  # refuse, undelivered, failed: the carrier's error code; 0: the usual one

    def __post_init__(self) -> None:
        if self.kind not in KINDS.get(self.where, ()):
            raise ValueError(f"no fault {self.where}/{self.kind}")

    def strikes(self, subject: str) -> bool:
        return not self.only or self.only.casefold() == subject.casefold()


class Faults:
    """The standing faults, asked at each event. Empty: a good day."""

    def __init__(self, rng: Chance) -> None:
        self._rng = rng
        self._standing: list[Fault] = []

    def add(self, fault: Fault) -> None:
        self._standing.append(fault)

    def clear(self) -> None:
        self._standing.clear()

    def standing(self) -> list[dict[str, Any]]:
        return [asdict(fault) for fault in self._standing]

    def hit(self, where: str, kind: str, subject: str = "") -> Fault | None:
        """The fault that strikes this event, if one does; it is counted as used."""
        for fault in self._standing:
            if fault.where != where or fault.kind != kind or not fault.strikes(subject):
                continue
            if fault.rate < 1.0 and self._rng.random() >= fault.rate:
                continue
            if fault.times is not None:
                fault.times -= 1
                if fault.times <= 0:
                    self._standing.remove(fault)
            return fault
        return None


def fault_from(record: Mapping[str, Any]) -> Fault:
    """A fault from JSON; ValueError names an unknown kind or field."""
    unknown = set(record) - set(Fault.__dataclass_fields__)
    if unknown:
        raise ValueError(f"a fault has no field {sorted(unknown)[0]}")
    if "where" not in record or "kind" not in record:
        raise ValueError("a fault needs where and kind")
    return Fault(**record)
