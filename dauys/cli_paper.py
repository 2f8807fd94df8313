"""`dauys paper …`: paper stations. The work is done in dauys/commands/paper.py."""

from pathlib import Path
from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object on standard output.")]
As = Annotated[str, typer.Option("--as", metavar="NAME", help="Who says so: a clerk or one of the committee.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; it goes on record.")]
Station = Annotated[str, typer.Argument(help="The name of the station.")]
Member = Annotated[str, typer.Argument(help="The member's number, as on the roll.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
CountFile = Annotated[Path, typer.Argument(help="What was counted: CSV, as --form writes it.")]

paper = typer.Typer(help="Paper stations: ballots handed out, and their count.", no_args_is_help=True)


@paper.command("open")
def paper_open(
    station: Station,
    region: Annotated[
        list[str] | None, typer.Option("--region", help="Whom it serves; once for each. None: the whole roll.")
    ] = None,
    branch: Annotated[list[str] | None, typer.Option("--branch", help="Only these branches; once for each.")] = None,
    who: As = "",
    reason: Reason = "",
    json: Json = False,
) -> None:
    """Propose to open a station, or to open one again; another clerk approves it."""
    from dauys.commands import paper

    paper.open_station(station, region or [], branch or [], who, reason, json)


@paper.command("close")
def paper_close(
    station: Station,
    cast: Annotated[int, typer.Option("--cast", min=0, help="How many ballots are in the box.")],
    who: As = "",
    reason: Reason = "",
    json: Json = False,
) -> None:
    """Propose to close a station; another clerk approves it. What does not add up is told by the bulletin."""
    from dauys.commands import paper

    paper.close_station(station, cast, who, reason, json)


@paper.command("issue")
def paper_issue(station: Station, member: Member, who: As = "", yes: Yes = False, json: Json = False) -> None:
    """Hand a ballot to a member: from now on only paper counts for her."""
    from dauys.commands import paper

    paper.with_member("issue", station, member, who, yes, json)


@paper.command("spoilt")
def paper_spoilt(station: Station, member: Member, who: As = "", yes: Yes = False, json: Json = False) -> None:
    """Exchange a spoilt ballot for a new one."""
    from dauys.commands import paper

    paper.with_member("spoilt", station, member, who, yes, json)


@paper.command("returned")
def paper_returned(station: Station, member: Member, who: As = "", yes: Yes = False, json: Json = False) -> None:
    """Take an unused ballot back; the member cannot vote any more."""
    from dauys.commands import paper

    paper.with_member("returned", station, member, who, yes, json)


@paper.command("sheet")
def paper_sheet(
    station: Station,
    out: Annotated[Path, typer.Option("--out", help="The file: .csv, or .pdf to print.")],
    json: Json = False,
) -> None:
    """Write the list with which a station works off line."""
    from dauys.commands import paper

    paper.sheet(station, out, json)


@paper.command("merge")
def paper_merge(
    station: Station,
    file: Annotated[Path, typer.Argument(help="The CSV of `dauys paper sheet`, with rows ticked.")],
    who: As = "",
    json: Json = False,
) -> None:
    """Take in the ticked rows of a list; every conflict is counted. The same file once more changes nothing."""
    from dauys.commands import paper

    paper.merge(station, file, who, json)


@paper.command("count")
def paper_count(
    station: Station,
    file: CountFile,
    form: Annotated[bool, typer.Option("--form", help="Write an empty form into FILE instead.")] = False,
    who: As = "",
    json: Json = False,
) -> None:
    """Enter what lay in the box, once it is closed; it stands when another clerk has counted the same."""
    from dauys.commands import paper_counts

    if form:
        paper_counts.write_form(station, file, json)
    else:
        paper_counts.enter(station, file, who, json)


@paper.command("confirm")
def paper_confirm(station: Station, file: CountFile, who: As = "", json: Json = False) -> None:
    """The other clerk's count: if it is the same, the count stands."""
    from dauys.commands import paper_counts

    paper_counts.enter(station, file, who, json, confirms=True)


@paper.command("show")
def paper_show(
    station: Annotated[str, typer.Argument(help="The name of the station; else all of them.")] = "", json: Json = False
) -> None:
    """What stations have handed out, and how far they are."""
    from dauys.commands import paper

    paper.show(station, json)
