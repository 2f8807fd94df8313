"""Paper stations open and close: two clerks, or one and the committee."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from election.deeds.deed import About, Deed
from election.definition import Definition
from election.errors import OperatorRefusal
from election.paper import CLERKS, CLOSE, LONGEST_NAME, OPEN, Account, PaperKeeping, PaperStation
from election.ports import ElectionRecord, Office

_BETWEEN = "; "


def deeds(papers: PaperKeeping, office: Office) -> Mapping[str, Deed]:
    """The two acts of a station."""

    async def may_open(about: About, record: ElectionRecord, _: Definition, now: datetime) -> None:
        _must_be_held(record)
        name = str(about["station"])
        known = await named(papers, name)
        if known is not None and known.is_open:
            raise OperatorRefusal("station_open", f"The paper station “{name}” is open already.")
        if known is not None and any(entry.stands for entry in await papers.entries(name)):
            raise OperatorRefusal("count_stands", f"Two clerks have agreed on the count of “{name}” already.")
        if known is None:
            _must_be_a_name(name)
        styles = [(region, branch) for region, branch, *_ in await office.styles()]
        _must_serve(about, styles, known)

    async def may_close(about: About, record: ElectionRecord, _: Definition, now: datetime) -> None:
        _must_be_held(record)
        account = Account.of(about)
        station = await must_be_open(papers, account.station)
        if account.cast < 0:
            raise OperatorRefusal("bad_figure", "There cannot be fewer than no ballots in the box.")
        if station.account(account.cast) != account:
            raise OperatorRefusal(
                "station_moved_on",
                f"“{account.station}” has other figures than those proposed: propose its close again.",
            )

    return {OPEN: Deed(may_open, CLERKS), CLOSE: Deed(may_close, CLERKS)}


def opening(name: str, regions: Sequence[str], branches: Sequence[str]) -> About:
    """The particulars of opening a station; without regions and branches it serves the whole roll."""
    served = {"regions": _BETWEEN.join(sorted(set(regions))), "branches": _BETWEEN.join(sorted(set(branches)))}
    serves = " / ".join(filter(None, served.values())) or "*"
    return {"station": " ".join(name.split()), **served, "serves": serves}


def listed(told: str) -> list[str]:
    """The names of such a field."""
    return told.split(_BETWEEN) if told else []


async def named(papers: PaperKeeping, name: str) -> PaperStation | None:
    """The station of this name."""
    return next((station for station in await papers.stations() if station.name == name), None)


async def must_be_open(papers: PaperKeeping, name: str) -> PaperStation:
    """The station. Raises OperatorRefusal `station_unknown` or `station_closed`."""
    station = await named(papers, name)
    if station is None:
        raise OperatorRefusal("station_unknown", f"There is no paper station “{name}”; see `dauys paper show`.")
    if not station.is_open:
        raise OperatorRefusal("station_closed", f"The paper station “{name}” is closed; `dauys paper open` opens it.")
    return station


def _must_be_held(record: ElectionRecord) -> None:
    if record.stage not in ("open", "paused", "closed"):
        raise OperatorRefusal("wrong_stage", f"The election is {record.stage}; paper stations work while it is held.")


def _must_be_a_name(name: str) -> None:
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        raise OperatorRefusal("station_name", f"Give the paper station a name of 1 to {LONGEST_NAME} signs.")


def _must_serve(about: About, styles: Collection[tuple[str, str]], known: PaperStation | None) -> None:
    """It serves somebody, and no other members than before."""
    station = PaperStation("", tuple(listed(str(about["regions"]))), tuple(listed(str(about["branches"]))))
    regions, branches = {region for region, _ in styles}, {branch for _, branch in styles}
    strange = sorted({*station.regions} - regions) + sorted({*station.branches} - branches)
    if strange or not any(station.serves(*style) for style in styles):
        whom = f"nobody on the roll is in {', '.join(strange)}" if strange else "it would serve nobody"
        raise OperatorRefusal("station_serves", f"Look at the regions and branches of the paper station: {whom}.")
    if known is not None and (known.regions, known.branches) != (station.regions, station.branches):
        raise OperatorRefusal("station_serves", f"“{known.name}” serves whom it served before; open it for the same.")
