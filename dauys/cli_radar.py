"""`dauys radar …`: the committee's cases. The work is done in dauys/commands/radar.py."""

from pathlib import Path
from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object on standard output.")]
As = Annotated[
    str, typer.Option("--as", metavar="NAME", help="Who says so: of the committee in [[commission.member]].")
]
Reason = Annotated[str, typer.Option("--reason", help="Why, or what was found; it stays with the case.")]
Number = Annotated[int, typer.Argument(help="The number of the case.")]

radar = typer.Typer(help="What the committee should look at: cases out of metadata, never out of choices.")


@radar.callback(invoke_without_command=True)
def listed(context: typer.Context, json: Json = False) -> None:
    """What the committee should look at: cases out of metadata, never out of choices."""
    if context.invoked_subcommand is None:
        from dauys.commands import radar

        radar.listed(json)


@radar.command("show")
def show(
    number: Number,
    picture: Annotated[Path | None, typer.Option("--picture", help="Draw the place against its peers: a PNG.")] = None,
    names: Annotated[bool, typer.Option("--names", help="Who is behind it: for the two who had it opened.")] = False,
    who: As = "",
    json: Json = False,
) -> None:
    """A case: its numbers, why it is odd, what may be harmless about it."""
    from dauys.commands import radar

    radar.show(number, picture, names, who, json)


@radar.command("open")
def open_names(number: Number, who: As = "", reason: Reason = "", json: Json = False) -> None:
    """Propose to open the names behind a case; another of the committee approves it."""
    from dauys.commands import radar

    radar.open_names(number, who, reason, json)


@radar.command("close")
def close(number: Number, who: As = "", reason: Reason = "", json: Json = False) -> None:
    """Close a case with what the committee has found."""
    from dauys.commands import radar

    radar.close(number, who, reason, json)
