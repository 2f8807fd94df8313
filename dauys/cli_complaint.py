"""`dauys complaint …`: the committee's queue of complaints. The work is done in dauys/commands/complaint.py."""

from typing import Annotated, Literal

import typer

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object on standard output.")]
As = Annotated[
    str, typer.Option("--as", metavar="NAME", help="Who says so: of the committee in [[commission.member]].")
]
Number = Annotated[int, typer.Argument(help="The number of the complaint.")]
Outcome = Literal["upheld", "rejected", "no-fault"]

complaint = typer.Typer(help="Complaints: by number, never by name.", no_args_is_help=True)


@complaint.command("list")
def listed(
    decided: Annotated[bool, typer.Option("--decided", help="Those decided, the newest first.")] = False,
    json: Json = False,
) -> None:
    """Those that wait, what is due first first."""
    from dauys.commands import complaint

    complaint.listed(decided, json)


@complaint.command("show")
def show(number: Number, json: Json = False) -> None:
    """A complaint and all that is written on it; not who filed it."""
    from dauys.commands import complaint

    complaint.show(number, json)


@complaint.command("ask")
def ask(
    number: Number,
    text: Annotated[str, typer.Option("--text", help="The question, 300 signs at most.")],
    who: As = "",
    json: Json = False,
) -> None:
    """Ask the member, who answers in her chat or by SMS."""
    from dauys.commands import complaint

    complaint.ask(number, text, who, json)


@complaint.command("assign")
def assign(
    number: Number,
    to: Annotated[str, typer.Option("--to", metavar="NAME", help="Who of the committee looks after it.")],
    who: As = "",
    json: Json = False,
) -> None:
    """Say who looks after a complaint."""
    from dauys.commands import complaint

    complaint.assign(number, to, who, json)


@complaint.command("decide")
def decide(
    number: Number,
    outcome: Annotated[Outcome, typer.Option("--outcome", help="How it ends.")],
    reason: Annotated[str, typer.Option("--reason", help="Why, 300 signs at most; the member reads it.")],
    again: Annotated[bool, typer.Option("--again", help="Propose a vote again for the member.")] = False,
    who: As = "",
    json: Json = False,
) -> None:
    """Decide a complaint; the member is told."""
    from dauys.commands import complaint

    complaint.decide(number, outcome, reason, again, who, json)
