"""What anybody may ask at any moment without losing her place: status, turnout, a receipt, help, silence."""

from election.errors import Closed, NotOpenYet, Paused, Refusal
from handlers import refusals
from handlers.speech import Reply
from handlers.visit import Visit


async def turnout(visit: Visit) -> list[Reply]:
    """How many have voted, of whom, and when that was so."""
    return [visit.incoming.reply(await turnout_told(visit), fresh=True)]


async def turnout_told(visit: Visit) -> str:
    """The same as a text."""
    regions = await visit.house.station.turnout(visit.now)
    voted = sum(r.telegram + r.sms + r.paper for r in regions)
    electorate = sum(r.electorate for r in regions)
    enrolled = sum(r.enrolled for r in regions)
    percent = f"{100 * voted / electorate:.1f}" if electorate else "0"
    if visit.language != "en":
        percent = percent.replace(".", ",")
    return visit.text(
        "turnout",
        hour=visit.hour(visit.now),
        voted=voted,
        percent=percent,
        electorate=electorate,
        enrolled=enrolled,
        version=visit.standing.record.roll_version,
    )


async def status(visit: Visit) -> list[Reply]:
    """Where the election is and where this member is."""
    return [visit.incoming.reply("\n".join([stage(visit), await _own(visit)]), heading=visit.title, fresh=True)]


def not_now(visit: Visit, refusal: Refusal) -> list[Reply]:
    """A signed-in member who came before the opening, in a pause or after the close."""
    visit.session.step = "waiting"
    return [visit.incoming.reply(refusals.words(visit, refusal), heading=visit.title)]


async def check(visit: Visit) -> list[Reply]:
    """Is the ballot with this receipt in the box, and under which bulletin? Never for whom it is."""
    typed = visit.phrase.rest if visit.phrase.meaning else visit.phrase.text
    if not typed:
        return [visit.say("check-how")]
    bulletin = await visit.house.station.bulletin_of(typed)
    if bulletin is None:
        return [visit.say("check-missing")]
    return [visit.say("check-found", bulletin=bulletin) if bulletin else visit.say("check-waiting")]


def help_(visit: Visit) -> list[Reply]:
    """What can be said here."""
    return [visit.incoming.reply(visit.here("help"), fresh=True)]


async def stop(visit: Visit) -> list[Reply]:
    """No more messages but codes and notices of a vote. The right to vote is untouched."""
    if visit.session.member:
        await visit.house.ledger.set_preferences(visit.session.member, silent=True)
    return [visit.say("stopped-sms" if visit.by_sms else "stopped-chat")]


def stage(visit: Visit) -> str:
    """Whether votes are taken now, and until when."""
    try:
        visit.standing.must_be_open(visit.now)
    except (NotOpenYet, Paused, Closed) as refusal:
        return refusals.words(visit, refusal)
    closes = visit.standing.closes
    return visit.text("open-until", hour=visit.hour(closes)) if closes else visit.text("open-now")


async def _own(visit: Visit) -> str:
    if not visit.session.member:
        return visit.text("own-not-signed-in")
    voter = await visit.house.station.voter(visit.session.member, visit.now)
    own = {"open": "own-not-voted", "void": "withdrawn", "paper": "on-paper"}.get(voter.member.right, "own-voted")
    return visit.text(own)
