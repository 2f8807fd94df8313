"""The command line: what may be said, with its help. The work is done in `dauys/commands`, imported when needed.

It is one file, because what can be said is read as a whole.
"""

import gc
from pathlib import Path
from typing import Annotated

import typer

from dauys import cli_rulings
from dauys.cli_complaint import complaint
from dauys.cli_member import member
from dauys.cli_paper import paper
from dauys.cli_radar import radar
from dauys.roles import Role

app = typer.Typer(
    help="Dauys: a voting bot that a party, a union or a cooperative can trust.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
election = typer.Typer(help="The election: its file, and where it stands.", no_args_is_help=True)
roll = typer.Typer(help="The roll: who may vote.", no_args_is_help=True)
bulletin = typer.Typer(help="Bulletins of turnout: numbered, signed, chained.", no_args_is_help=True)
keys = typer.Typer(help="The key of the box, held by several trustees.", no_args_is_help=True)
broadcast = typer.Typer(help="What is said to many: channels, members in Telegram, phones.", no_args_is_help=True)
app.add_typer(election, name="election")
app.add_typer(roll, name="roll")
app.add_typer(keys, name="keys")
app.add_typer(bulletin, name="bulletin")
app.add_typer(broadcast, name="broadcast")
app.add_typer(complaint, name="complaint")
app.command("strike")(cli_rulings.strike)
election.command("extend")(cli_rulings.extend)
app.add_typer(radar, name="radar")
app.add_typer(member, name="member")
app.add_typer(paper, name="paper")

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object on standard output.")]
As = Annotated[str, typer.Option("--as", metavar="NAME", help="Who says so: a name from [[commission.member]].")]
To = Annotated[str, typer.Option("--to", help="To whom: channels, telegram, sms, with commas between.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
Number = Annotated[int, typer.Argument(help="The number of the broadcast.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; it goes on record.")]


@app.command()
def demo(
    members: Annotated[int, typer.Option(min=20, max=100_000, help="How many are on the roll.")] = 300,
    once: Annotated[bool, typer.Option("--once", help="End by itself instead of waiting for Ctrl-C.")] = False,
    port: Annotated[int, typer.Option(min=0, max=65_535, help="Port of the page with the two handsets.")] = 8900,
    database_url: Annotated[str, typer.Option(help="An empty PostgreSQL database; else a SQLite file.")] = "",
    redis_url: Annotated[str, typer.Option(help="A Redis or Valkey; else a file.")] = "",
) -> None:
    """An election in a box: an emulated Telegram and phone network, and the real program."""
    from dauys.demo import story

    story.hold(members, once, port, database_url, redis_url)


@app.command()
def run(
    role: Annotated[Role, typer.Option("--role", help="One part in a process of its own.")] = Role.ALL,
) -> None:
    """Serve: both doors, the sender of SMS and the clock. Stops on Ctrl-C or SIGTERM."""
    from dauys import settings

    read = settings.read()
    settings.must_be_able_to_serve(read, role)
    gc.disable()  # until it serves: looking through what imports make is a sixth of the start
    if role is Role.BOARD:
        from dauys import showing

        showing.serve(read, role)
    else:
        from dauys import serving

        serving.serve(read, role)


@app.command()
def doctor() -> None:
    """What is set, what is reachable, what is wrong and how to mend it."""
    from dauys.commands import doctor

    doctor.examine()


@app.command()
def turnout(json: Json = False) -> None:
    """How many have voted, of whom, by which door and where."""
    from dauys.commands import turnout

    turnout.show(json)


@app.command()
def cost(
    members: Annotated[int, typer.Option(min=0, help="So many can vote by phone; 0: as on the roll.")] = 0,
    by_sms: Annotated[float, typer.Option(min=0, max=1, help="The share of them who vote by SMS.")] = 0.1,
    redo: Annotated[float, typer.Option(min=0, help="The share of votes that are cast again.")] = 0.02,
    turnout: Annotated[float, typer.Option(min=0, max=1, help="The share of members who vote.")] = 1.0,
    more_codes: Annotated[float, typer.Option(min=0, help="Codes asked for beyond one a vote, as a share.")] = 0.1,
    languages: Annotated[str, typer.Option(help="Shares, as in kk=0.6,ru=0.4; else as on the roll.")] = "",
    bulletins: Annotated[int, typer.Option(help="How many are sent; below 0: by the election file.")] = -1,
    reminders: Annotated[int, typer.Option(min=0, help="How often everybody is reminded at most.")] = 1,
    price: Annotated[float, typer.Option(help="What a segment costs; below 0: SMS_PRICE.")] = -1.0,
    json: Json = False,
) -> None:
    """What the election costs in SMS segments, in hours of sending, and in money where a price is known."""
    from dauys.commands import cost

    given = cost.Given(members, by_sms, redo, turnout, more_codes, languages, bulletins, reminders, price)
    cost.show(given, json)


@app.command()
def approve(
    number: Annotated[int, typer.Argument(help="The number of the proposal.")], who: As = "", json: Json = False
) -> None:
    """The second person's word on a proposal: it is done."""
    from dauys.commands import election

    election.approve(number, who, json)


@app.command()
def tally(
    share: Annotated[list[Path], typer.Option("--share", help="A trustee's share file; once for each.")],
    out: Annotated[Path, typer.Option("--out", help="Folder for result.json and result.csv.")],
    urn: Annotated[Path | None, typer.Option("--urn", help="Count this urn file instead: needs no store.")] = None,
    bundle: Annotated[
        Path | None, typer.Option("--bundle", help="With --urn: hold the urn against this public bundle.")
    ] = None,
    json: Json = False,
) -> None:
    """Open the box with the trustees' shares and count. Needs no network."""
    from dauys.commands import recount, tally

    if urn is None:
        tally.count(share, out, json)
    else:
        recount.recount(urn, share, out, bundle, json)


@app.command()
def export(
    folder: Annotated[Path, typer.Argument(help="Folder for the bundle; one that is there is replaced.")],
    json: Json = False,
) -> None:
    """Write the public bundle: everything anybody needs to check the election."""
    from dauys.commands import bulletin

    bulletin.export(folder, json)


@app.command()
def verify(
    folder: Annotated[Path, typer.Argument(help="The bundle.")],
    key: Annotated[
        str, typer.Option("--key", help="The signing key as you wrote it down; else the bundle's own.")
    ] = "",
    seen: Annotated[
        list[Path] | None, typer.Option("--seen", help="A bulletin kept from earlier, or a folder of them.")
    ] = None,
    json: Json = False,
) -> None:
    """Check a bundle: signatures, chain, log, sums. Needs nothing but the bundle and the key."""
    from dauys.commands import verify

    verify.examine(folder, key, seen or [], json)


@bulletin.command("publish")
def bulletin_publish(json: Json = False) -> None:
    """Make the next bulletin and put it on the board."""
    from dauys.commands import bulletin

    bulletin.publish(json)


@broadcast.command("send")
def broadcast_send(
    kk: Annotated[str, typer.Option("--text-kk", help="The words in Kazakh.")] = "",
    ru: Annotated[str, typer.Option("--text-ru", help="The words in Russian.")] = "",
    en: Annotated[str, typer.Option("--text-en", help="The words in English.")] = "",
    to: To = "channels,telegram",
    at: Annotated[str, typer.Option("--at", metavar="HH:MM", help="When, where the election is; else now.")] = "",
    yes: Yes = False,
    json: Json = False,
) -> None:
    """Say something to many, each in her language. Shown first, then asked."""
    from dauys.commands import broadcast
    from election.definition import Words

    broadcast.send(Words(kk, ru, en), to, at, yes, json)


@broadcast.command("bulletin")
def broadcast_bulletin(
    number: Annotated[int, typer.Argument(help="The number of the bulletin.")],
    to: To = "channels,telegram",
    yes: Yes = False,
    json: Json = False,
) -> None:
    """Send a bulletin that is published already, with its chart."""
    from dauys.commands import broadcast

    broadcast.bulletin(number, to, yes, json)


@broadcast.command("remind")
def broadcast_remind(to: To = "telegram", yes: Yes = False, json: Json = False) -> None:
    """Remind those who have not voted; nobody twice in a day, nobody who votes meanwhile."""
    from dauys.commands import broadcast

    broadcast.remind(to, yes, json)


@broadcast.command("list")
def broadcast_list(json: Json = False) -> None:
    """The newest broadcasts and what became of them."""
    from dauys.commands import broadcast

    broadcast.newest(json)


@broadcast.command("show")
def broadcast_show(number: Number, json: Json = False) -> None:
    """How far a broadcast has come; on a terminal until it has ended."""
    from dauys.commands import broadcast

    broadcast.show(number, json)


@broadcast.command("stop")
def broadcast_stop(number: Number, yes: Yes = False, json: Json = False) -> None:
    """Stop a broadcast. What has left arrives."""
    from dauys.commands import broadcast

    broadcast.stop(number, yes, json)


@election.command("new")
def election_new(folder: Annotated[Path, typer.Argument(help="Folder for election.toml.")]) -> None:
    """Write an example election.toml to edit."""
    from dauys.commands import election

    election.new(folder)


@election.command("load")
def election_load(
    file: Annotated[Path, typer.Argument(help="The election.toml to check and load.")], json: Json = False
) -> None:
    """Check an election file and load it. Every mistake is named with its line and the mend."""
    from dauys.commands import election

    election.load(file, json)


@election.command("status")
def election_status(json: Json = False) -> None:
    """Where the election stands, and what is missing for the next step."""
    from dauys.commands import election

    election.status(json)


@election.command("open")
def election_open(who: As = "", reason: Reason = "", json: Json = False) -> None:
    """Propose to open the voting; another person approves it."""
    from dauys.commands import election

    election.propose("open", who, reason, json)


@election.command("close")
def election_close(who: As = "", reason: Reason = "", json: Json = False) -> None:
    """Propose to close the voting; another person approves it."""
    from dauys.commands import election

    election.propose("close", who, reason, json)


@election.command("pause")
def election_pause(who: As = "", reason: Reason = "", json: Json = False) -> None:
    """Propose to pause the voting; another person approves it. Nothing that was cast is lost."""
    from dauys.commands import election

    election.propose("pause", who, reason, json)


@election.command("resume")
def election_resume(who: As = "", reason: Reason = "", json: Json = False) -> None:
    """Propose to go on after a pause; another person approves it."""
    from dauys.commands import election

    election.propose("resume", who, reason, json)


@roll.command("import")
def roll_import(
    file: Annotated[Path, typer.Argument(help="The roll: CSV or XLSX.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Look and report, change nothing.")] = False,
    mapping: Annotated[
        list[str] | None, typer.Option("--map", metavar="COLUMN=HEADING", help='As in --map phone="Моб. тел."')
    ] = None,
    report: Annotated[Path | None, typer.Option("--report", help="Write the whole report as JSON here.")] = None,
    who: As = "",
    reason: Reason = "",
    json: Json = False,
) -> None:
    """Take in the roll. Importing again updates; after the freeze it proposes a change that another person approves."""
    from dauys.commands import roll

    roll.take_in(roll.Given(file, mapping or []), dry_run, report, who, reason, json)


@roll.command("check")
def roll_check(json: Json = False) -> None:
    """What a committee should look at on the roll before opening; nothing is changed."""
    from dauys.commands import roll_check

    roll_check.show(json)


@roll.command("freeze")
def roll_freeze(json: Json = False) -> None:
    """Fix the roll: from now on it has a version and a hash."""
    from dauys.commands import roll

    roll.freeze(json)


@keys.command("ceremony")
def keys_ceremony(
    out: Annotated[Path, typer.Option("--out", help="Folder for the share files.")],
    trustees: Annotated[int | None, typer.Option(help="How many hold a share; else as the file says.")] = None,
    threshold: Annotated[int | None, typer.Option(help="How many of them open the box; else as the file says.")] = None,
    json: Json = False,
) -> None:
    """Make the key of the box and split it among the trustees."""
    from dauys.commands import keys

    keys.ceremony(trustees, threshold, out, json)


@keys.command("rehearse")
def keys_rehearse(
    share: Annotated[list[Path], typer.Option("--share", help="A trustee's share file; once for each.")],
    json: Json = False,
) -> None:
    """Before the opening: open a test ballot with the trustees' shares."""
    from dauys.commands import keys

    keys.rehearse(share, json)
