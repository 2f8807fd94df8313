"""`dauys radar …`."""

import asyncio
from collections.abc import Sequence
from datetime import tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from dauys import clock, settings
from dauys.commands.election import said_act
from dauys.terminal import answer, say, table
from dauys.wiring import Hall, open_hall
from election.errors import OperatorRefusal
from election.ports import Act
from election.radar.case import Case, merged
from election.radar.desk import OPEN_NAMES, Behind
from election.radar.peers import Picture, picture
from election.radar.rhythm import rhythm_of
from handlers.texts import Texts

_MOST = 200


def listed(as_json: bool) -> None:
    """All cases, the newest first."""

    async def run() -> tuple[Sequence[Case], tzinfo]:
        async with open_hall(settings.read()) as hall:
            return await hall.radar.cases(), await _zone(hall)

    cases, zone = asyncio.run(run())
    if as_json:
        answer({"cases": [_as_json(case) for case in cases]})
    elif not cases:
        say("The radar has seen nothing to look at.")
    else:
        rows = [
            (case.number, _kind(case), _where(case), f"{case.began.astimezone(zone):%d.%m %H:%M}", case.state)
            for case in cases
        ]
        table("", ("case", "what", "where", "from", "state"), rows)
        say("A case asks; nothing follows from it by itself. dauys radar show N")


def show(number: int, file: Path | None, names: bool, who: str, as_json: bool) -> None:
    """One case, its picture, and for the two who had it opened its names."""

    async def run() -> tuple[Case, Sequence[Behind], Picture | None, tzinfo]:
        async with open_hall(settings.read()) as hall:
            case = await hall.radar.case(number)
            behind = await hall.radar.names(number, who) if names else ()
            drawn = await _picture(hall, case) if file else None
            return case, behind, drawn, await _zone(hall)

    case, behind, seen, zone = asyncio.run(run())
    if file is not None:
        _draw(case, seen, zone, file)
    if as_json:
        found = _as_json(case)
        if names:
            found["names"] = [{"member_id": each.member_id, "phone": each.phone} for each in behind]
        answer(found)
        return
    say(f"Case {case.number}: {_kind(case)}, {_where(case)} ({case.state})")
    say(f"{case.began.astimezone(zone):%d.%m %H:%M} to {case.ended.astimezone(zone):%d.%m %H:%M}")
    say(_odd(case))
    say(_innocent(case))
    if case.word:
        say(f"{case.by}: {case.word}")
    if file is not None:
        say(f"{file} is drawn.")
    if names:
        table("", ("member id", "phone"), [(each.member_id, each.phone) for each in behind[:_MOST]])
        if len(behind) > _MOST:
            say(f"And {len(behind) - _MOST} more: --json has all of them.")


def open_names(number: int, who: str, reason: str, as_json: bool) -> None:
    """Propose to open the names behind a case."""

    async def run() -> Act:
        async with open_hall(settings.read()) as hall:
            return await hall.commission.propose(OPEN_NAMES, who, reason, clock.now(), {"case": number})

    said_act(asyncio.run(run()), as_json)


def close(number: int, who: str, word: str, as_json: bool) -> None:
    """Close a case."""

    async def run() -> Case:
        async with open_hall(settings.read()) as hall:
            await hall.radar.close(number, who, word)
            return await hall.radar.case(number)

    case = asyncio.run(run())
    if as_json:
        answer(_as_json(case))
    else:
        say(f"Case {number} is closed: {case.word}")


async def _picture(hall: Hall, case: Case) -> Picture | None:
    members = await hall.store.radar.members()
    told = merged({place: count for place, (count, _) in members.items()})
    by_phone = {place: count for place, (_, count) in members.items()}
    return picture(case, rhythm_of(await hall.store.radar.rhythm(0), by_phone, told))


def _draw(case: Case, seen: Picture | None, zone: tzinfo, file: Path) -> None:
    from board.peers import drawn

    if seen is None:
        raise OperatorRefusal(
            "nothing_to_draw", f"There is nothing to draw for case {case.number}: no votes there, or the cut was made."
        )
    file.write_bytes(drawn(seen, f"Case {case.number}: {_kind(case)}", _where(case), zone))


async def _zone(hall: Hall) -> tzinfo:
    _, definition = await hall.election(clock.now())
    return ZoneInfo(definition.timezone)


def _as_json(case: Case) -> dict[str, Any]:
    return {
        "case": case.number,
        "detector": case.detector,
        "region": case.region,
        "branch": case.branch,
        "from": case.began.isoformat(timespec="seconds"),
        "to": case.ended.isoformat(timespec="seconds"),
        "numbers": dict(case.numbers),
        "odd": _odd(case),
        "innocent": _innocent(case),
        "first_seen": case.seen_at.isoformat(timespec="seconds"),
        "state": case.state,
        "by": case.by,
        "word": case.word,
    }


def _kind(case: Case) -> str:
    return Texts().said("en", f"radar-kind-{case.detector}")


def _odd(case: Case) -> str:
    return Texts().said("en", f"radar-odd-{case.detector}", **case.told())


def _innocent(case: Case) -> str:
    return Texts().said("en", f"radar-innocent-{case.detector}")


def _where(case: Case) -> str:
    return " · ".join(filter(None, (case.region, case.branch))) or Texts().said("en", "radar-small-places")
