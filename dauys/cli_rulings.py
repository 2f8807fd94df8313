"""`dauys strike …` and `dauys election extend`. The work is done in dauys/commands/rulings.py."""

from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object on standard output.")]
As = Annotated[str, typer.Option("--as", metavar="NAME", help="Who says so: a name from [[commission.member]].")]
Reason = Annotated[str, typer.Option("--reason", help="Why; it goes on record.")]


def strike(
    candidate: Annotated[str, typer.Argument(help="The candidate's id in the election file.")],
    contest: Annotated[str, typer.Option("--contest", metavar="ID", help="Where the id is that of several.")] = "",
    lift: Annotated[bool, typer.Option("--lift", help="Give the place back, on appeal.")] = False,
    who: As = "",
    reason: Reason = "",
    json: Json = False,
) -> None:
    """Propose to strike a candidate off, or to give the place back; another person approves it."""
    from dauys.commands import rulings

    rulings.strike(candidate, contest, lift, who, reason, json)


def extend(
    until: Annotated[str, typer.Option("--until", metavar="HOUR", help="HH:MM or YYYY-MM-DD HH:MM, where it is.")],
    who: As = "",
    reason: Reason = "",
    json: Json = False,
) -> None:
    """Propose to close the voting later; another person approves it."""
    from dauys.commands import rulings

    rulings.extend(until, who, reason, json)
