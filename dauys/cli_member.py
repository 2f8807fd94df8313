"""`dauys member …`: one member of the roll. The work is done in dauys/commands/member.py."""

from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object on standard output.")]
As = Annotated[str, typer.Option("--as", metavar="NAME", help="Who says so: a name from [[commission.member]].")]
Reason = Annotated[str, typer.Option("--reason", help="Why; it goes on record.")]
Member = Annotated[str, typer.Argument(help="The member number, as the roll has it.")]

member = typer.Typer(help="One member: locked out, another number, a shared phone, her vote.", no_args_is_help=True)


@member.command("show")
def show(
    number: Member,
    phone: Annotated[str, typer.Option("--phone", help="Hold this against the new number that is proposed.")] = "",
    json: Json = False,
) -> None:
    """As much of a member as the committee needs; name and phone masked."""
    from dauys.commands import member

    member.show(number, phone, json)


@member.command("unlock")
def unlock(number: Member, who: As = "", reason: Reason = "", json: Json = False) -> None:
    """Propose to open her sign-in again after 15 wrong codes, or an account with her phone that is blocked."""
    from dauys.commands import member

    member.propose("unlock", number, who, reason, json)


@member.command("number")
def new_number(
    number: Member,
    phone: Annotated[str, typer.Argument(help="The new phone.")],
    who: As = "",
    reason: Reason = "",
    json: Json = False,
) -> None:
    """Propose another phone for her: the old one is told and can object for 24 hours, then it is in force."""
    from dauys.commands import member

    member.propose("number", number, who, reason, json, phone=phone)


@member.command("confirm")
def confirm(number: Member, who: As = "", reason: Reason = "", json: Json = False) -> None:
    """Propose to let her vote by the phone she shares; two persons have met her."""
    from dauys.commands import member

    member.propose("confirm", number, who, reason, json)


@member.command("void")
def void(number: Member, who: As = "", reason: Reason = "", json: Json = False) -> None:
    """Propose to take her standing ballot out for good; she cannot vote again."""
    from dauys.commands import member

    member.propose("void", number, who, reason, json)


@member.command("redo")
def redo(
    number: Member,
    ticket: Annotated[int, typer.Option("--ticket", metavar="N", help="The complaint that led to it.")] = 0,
    who: As = "",
    reason: Reason = "",
    json: Json = False,
) -> None:
    """Propose to let her vote again once more than the rules give to all, and at once."""
    from dauys.commands import member

    member.propose("redo", number, who, reason, json, ticket=ticket)
