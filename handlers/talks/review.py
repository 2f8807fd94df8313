"""Look at the whole ballot, then cast it or change it. Only here does a draft become a vote."""

from election.station import Voter
from handlers import notices
from handlers.speech import Action, Option, Reply
from handlers.talks import voted
from handlers.visit import Visit


def show(visit: Visit, voter: Voter, footer: str = "") -> list[Reply]:
    """Every contest with what was chosen."""
    lines = []
    for contest in voter.style:
        chosen = visit.session.marks.get(contest.id, [])
        names = [c.name.said(visit.language) for c in contest.candidates if c.id in chosen]
        lines.append(f"{contest.title.said(visit.language)}: {', '.join(names) or visit.text('blank')}")
    actions = (
        Action(visit.text("cast"), visit.payload("cast"), visit.text("word-yes"), row=0),
        Action(visit.text("change"), visit.payload("chg"), visit.text("word-no"), row=1),
    )
    reply = visit.incoming.reply("\n".join(lines), heading=visit.text("review"), actions=actions, footer=footer)
    return [reply]


async def hear(visit: Visit, voter: Voter) -> list[Reply] | None:
    """Cast, or go back."""
    said = visit.press or visit.phrase.meaning
    if said in {"cast", "yes"}:
        return await _cast(visit, voter)
    if said in {"chg", "no"}:
        if len(voter.style) == 1:
            visit.session.enter("contest", 0)
        else:
            visit.session.enter("change")
        return None
    return [visit.say("awaiting-cast-sms" if visit.by_sms else "awaiting-cast-chat")]


def show_change(visit: Visit, voter: Voter, footer: str = "") -> list[Reply]:
    """Which contest is to be changed?"""
    options = tuple(
        Option(number, contest.title.said(visit.language), visit.payload(f"e{number - 1}"))
        for number, contest in enumerate(voter.style, 1)
    )
    actions = (Action(visit.text("back"), visit.payload("b"), row=0),)
    return [visit.incoming.reply(visit.text("what-to-change"), options=options, actions=actions, footer=footer)]


async def hear_change(visit: Visit, voter: Voter) -> list[Reply] | None:
    """The contest to change, by button or number; anything of "no" or "back" returns to the review."""
    numbers = visit.phrase.numbers
    if visit.press == "b" or visit.phrase.meaning in {"no", "yes"}:
        visit.session.enter("review", len(voter.style))
        return None
    place = numbers[0] - 1 if len(numbers) == 1 else -1
    if visit.press.startswith("e") and visit.press[1:].isdecimal():
        place = int(visit.press[1:])
    if not 0 <= place < len(voter.style):
        return [visit.say("awaiting-change", last=len(voter.style))]
    visit.session.edit = True
    visit.session.enter("contest", place)
    return None


async def _cast(visit: Visit, voter: Voter) -> list[Reply]:
    channel = visit.incoming.address.channel
    # a contest without an answer is not blank by default: the station refuses such marks
    marks = {c.id: tuple(visit.session.marks[c.id]) for c in voter.style if c.id in visit.session.marks}
    receipt = await visit.house.station.cast(
        voter,
        channel,
        marks,
        lambda digits: notices.vote_notice(
            visit.house.texts,
            visit.language,
            channel,
            visit.hour(visit.now),
            digits,
            answered_by_sms=visit.standing.definition.policy.sms_voting,
        ),
        visit.now,
    )
    visit.session.forget_draft()
    return voted.show(visit, receipt)
