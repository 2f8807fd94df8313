"""Open, close, pause and resume."""

from collections.abc import Callable, Mapping
from datetime import datetime

from election.deeds.deed import About, Check, Deed
from election.definition import Definition
from election.errors import OperatorRefusal
from election.ports import ElectionRecord, Extra, Office, Stage

MOVES: Mapping[str, tuple[tuple[Stage, ...], Stage]] = {
    "open": (("draft",), "open"),
    "close": (("open", "paused"), "closed"),
    "pause": (("open",), "paused"),
    "resume": (("paused",), "open"),
}
"""From which stages each leads, and to which."""


def deeds(office: Office, prepare_box: Callable[[str], None], roll_salt: Callable[[str], bytes]) -> Mapping[str, Deed]:
    """`prepare_box` makes ready what the envelopes of an election need. `roll_salt` is a member's salt in the hashes of
    the frozen roll."""

    async def must_be_possible_to_open(about: About, record: ElectionRecord, _: Definition, now: datetime) -> None:
        _must_stand_before("open", record)
        if record.public_key is None:
            raise OperatorRefusal("no_keys", "There is no key to seal ballots to; hold `dauys keys ceremony` first.")
        if not await office.styles():
            raise OperatorRefusal("no_roll", "The roll is empty; run `dauys roll import FILE` first.")

    async def make_ready(_: About, definition: Definition, now: datetime) -> Extra:
        prepare_box(definition.id)
        return await office.roll_as_it_is(roll_salt)

    return {
        "open": Deed(must_be_possible_to_open, prepare=make_ready),
        **{kind: Deed(_possible(kind)) for kind in ("close", "pause", "resume")},
    }


def _possible(kind: str) -> Check:
    async def check(_: About, record: ElectionRecord, definition: Definition, now: datetime) -> None:
        _must_stand_before(kind, record)

    return check


def _must_stand_before(kind: str, record: ElectionRecord) -> None:
    if record.stage not in MOVES[kind][0]:
        raise OperatorRefusal("wrong_stage", f"The election is {record.stage}, so it cannot {kind} now.")
