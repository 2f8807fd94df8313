"""A clerk's work: stations, and at one of them to hand out, exchange, take back, close and count.

It is one file, since all of it is one table: what is asked for, what is typed, and what it leads to.
"""

import hashlib
import re
from collections.abc import Sequence

from election.deeds.paper import opening
from election.definition import Contest
from election.errors import OperatorRefusal
from election.paper import CLERKS, CLOSE, OPEN, PaperPerson, PaperStation
from election.paper_count import ContestCount, PaperCount
from election.paper_work import Counted, must_be_free
from handlers.speech import Action, Reply
from handlers.staff import Work, screen, staff
from handlers.talks.staff import proposing
from handlers.visit import Visit

KEY = "pap"
_WITH_A_MEMBER = ("issue", "spoilt", "returned")
_FIGURES = re.compile(r"\d{1,9}(?:[\s,;]+\d{1,9})*")


async def show(visit: Visit) -> Sequence[Reply]:
    """All stations; or the one at which she works."""
    here = await _here(visit)
    return _list(visit, await visit.house.paper.stations()) if here is None else _at(visit, here)


async def hear(visit: Visit) -> Sequence[Reply] | None:
    """A button, or what was asked for."""
    if not visit.order:
        return await _typed(visit)
    what, *rest = visit.order
    for asked in ("ask", "kind", "about", "reason"):
        visit.session.staff.pop(asked, None)
    if what == "list":
        visit.session.staff.pop("station", None)
        return None
    if what == "new":
        return _ask(visit, "name")
    if what == "whole":
        return _propose_opening(visit, [], [])
    if what == "at" and rest:
        chosen = [each.name for each in await visit.house.paper.stations() if _mark(each.name) == rest[0]]
        visit.session.staff["station"] = chosen[0] if chosen else ""
        return None
    here = await _here(visit)
    if here is None:
        return None
    if what == "again":
        return proposing.ask_reason(visit, OPEN, opening(here.name, here.regions, here.branches))
    if what == "close":
        return _ask(visit, "cast")
    if what == "count":
        await visit.house.paper.must_be_countable(here.name)
        visit.session.staff["count"] = []
        return await _next_contest(visit, here)
    if what == "enter":
        return await _enter(visit, here)
    if what in _WITH_A_MEMBER:
        return await _done(visit, here, what, *rest) if rest else _ask(visit, what)
    return None


def _list(visit: Visit, stations: Sequence[PaperStation]) -> Sequence[Reply]:
    lines = [
        Action(_line(visit, station), visit.payload(staff(KEY, "at", _mark(station.name))), row=row)
        for row, station in enumerate(stations)
    ]
    new = Action(visit.text("staff-paper-new"), visit.payload(staff(KEY, "new")), row=len(lines))
    return screen(visit, visit.text("staff-paper-choose" if lines else "staff-paper-none"), *lines, new)


def _line(visit: Visit, station: PaperStation) -> str:
    key = "staff-paper-line-open" if station.is_open else "staff-paper-line-closed"
    return visit.text(key, station=station.name)


def _at(visit: Visit, station: PaperStation, said: str = "") -> Sequence[Reply]:
    """A station with its figures and what can be done there; what was done stands first."""
    figures = visit.text(
        "staff-paper-figures",
        members=station.members,
        issued=station.issued,
        spoilt=station.spoilt,
        returned=station.returned,
    )
    box = "" if station.is_open else visit.text("staff-paper-in-box", cast=station.cast)
    possible = (*_WITH_A_MEMBER, "close") if station.is_open else ("count", "again")
    actions = [
        Action(visit.text(f"staff-paper-{what}"), visit.payload(staff(KEY, what)), row=row)
        for row, what in enumerate(possible)
    ]
    others = Action(visit.text("staff-paper-list"), visit.payload(staff(KEY, "list")), row=len(actions))
    text = "\n\n".join(filter(None, [said, figures, box]))
    return screen(visit, text, *actions, others, heading=_line(visit, station))


def _ask(visit: Visit, what: str) -> Sequence[Reply]:
    """Ask for something to be typed."""
    visit.session.staff["ask"] = what
    asked = what if what in ("name", "whom", "cast") else "number"
    actions = [Action(visit.text("staff-paper-whole"), visit.payload(staff(KEY, "whole")))] if what == "whom" else []
    return screen(visit, visit.text(f"staff-paper-ask-{asked}"), *actions)


async def _typed(visit: Visit) -> Sequence[Reply] | None:
    what = visit.session.staff.get("ask", "")
    text = " ".join(visit.incoming.text.split())
    if not what or not text:
        return None
    if what == "name":
        visit.session.staff["name"] = text
        return _ask(visit, "whom")
    if what == "whom":
        named = [part.strip() for part in text.split(";")]
        regions = {region.region for region in await visit.house.station.turnout(visit.now)}
        return _propose_opening(
            visit, [name for name in named if name in regions], [name for name in named if name not in regions]
        )
    here = await _here(visit)
    if here is None:
        return None
    if what == "cast":
        if not text.isdecimal():
            return _ask(visit, what)
        about = (await visit.house.paper.closing(here.name, int(text))).as_about()
        visit.session.staff.pop("ask")
        return proposing.ask_reason(visit, CLOSE, about)
    if what == "figures":
        return await _take_figures(visit, here, text)
    return await _confirm(visit, here, what, text)


def _propose_opening(visit: Visit, regions: Sequence[str], branches: Sequence[str]) -> Sequence[Reply]:
    name = visit.session.staff.pop("name", "")
    visit.session.staff.pop("ask", None)
    return proposing.ask_reason(visit, OPEN, opening(name, regions, branches))


async def _confirm(visit: Visit, here: PaperStation, what: str, number: str) -> Sequence[Reply]:
    """The member's masked name, to be held against her document, and the word to do it."""
    person = await visit.house.paper.look_up(here.name, number)
    visit.session.staff.pop("ask")
    try:
        if what == "issue":
            must_be_free(person)
    except OperatorRefusal:
        return _at(visit, here, _already(visit, person))
    visit.session.staff["member"] = person.id
    sure = visit.text(
        f"staff-paper-sure-{what}", name=person.masked_name, branch=person.branch or person.region, member=person.id
    )
    go = Action(visit.text(f"staff-paper-{what}"), visit.payload(staff(KEY, what, person.ballots)), row=0)
    no = Action(visit.text("staff-paper-no"), visit.payload(staff(KEY, "at", _mark(here.name))), row=1)
    return screen(visit, sure, go, no)


async def _done(visit: Visit, here: PaperStation, what: str, ballots: str) -> Sequence[Reply]:
    officer, member = visit.officer, visit.session.staff.pop("member", "")
    if officer is None or not member:
        return _at(visit, here)
    paper = visit.house.paper
    if what == "issue":
        person = await paper.hand_out(here.name, member, officer.name, visit.now)
    elif what == "spoilt":
        person = await paper.exchange(here.name, member, officer.name, int(ballots))
    else:
        person = await paper.give_back(here.name, member, officer.name)
    said = visit.text(f"staff-paper-done-{what}", name=person.masked_name)
    return _at(visit, await paper.station(here.name), said)


def _already(visit: Visit, person: PaperPerson) -> str:
    if person.right == "void":
        return visit.text("refused-withdrawn-already")
    return visit.text("staff-paper-on-paper", name=person.masked_name, station=person.station or "–")


async def _next_contest(visit: Visit, here: PaperStation) -> Sequence[Reply]:
    """Ask for the figures of the contest that comes, or show what was entered."""
    contests = await _contests(visit, here)
    entered = visit.session.staff["count"]
    if len(entered) >= len(contests):
        return _review(visit, contests)
    contest = contests[len(entered)]
    visit.session.staff["ask"] = "figures"
    names = [f"{place}. {name.name.said(visit.language)}" for place, name in enumerate(contest.candidates, 1)]
    text = visit.text("staff-paper-ask-figures", cast=here.cast, number=3 + len(names))
    title = contest.title.said(visit.language)
    return screen(visit, "\n".join([text, "", *names]), heading=title)


async def _take_figures(visit: Visit, here: PaperStation, text: str) -> Sequence[Reply]:
    contests = await _contests(visit, here)
    entered = visit.session.staff["count"]
    figures = [int(figure) for figure in re.findall(r"\d+", text)] if _FIGURES.fullmatch(text) else []
    if len(entered) < len(contests) and len(figures) == 3 + len(contests[len(entered)].candidates):
        entered.append(figures)
    return await _next_contest(visit, here)


def _review(visit: Visit, contests: Sequence[Contest]) -> Sequence[Reply]:
    """All that was typed, once more."""
    visit.session.staff.pop("ask", None)
    parts = []
    for contest, figures in zip(contests, visit.session.staff["count"], strict=False):
        ballots, blank, void, *votes = figures
        names = [candidate.name.said(visit.language) for candidate in contest.candidates]
        parts += [contest.title.said(visit.language)]
        parts += [visit.text("staff-paper-count-line", cast=ballots, blank=blank, void=void)]
        parts += [f"{name}: {number}" for name, number in zip(names, votes, strict=True)]
        parts += [""]
    enter = Action(visit.text("staff-paper-enter"), visit.payload(staff(KEY, "enter")), row=0)
    anew = Action(visit.text("staff-paper-anew"), visit.payload(staff(KEY, "count")), row=1)
    return screen(visit, "\n".join(parts).strip(), enter, anew)


async def _enter(visit: Visit, here: PaperStation) -> Sequence[Reply]:
    contests = await _contests(visit, here)
    entered, officer = visit.session.staff.pop("count", []), visit.officer
    if officer is None or len(entered) != len(contests):
        return _at(visit, here)
    counts = tuple(_of_contest(contest, figures) for contest, figures in zip(contests, entered, strict=True))
    done = await visit.house.paper.count(PaperCount(here.name, counts), officer.name, visit.now)
    return _at(visit, here, _outcome(visit, contests, done))


def _of_contest(contest: Contest, figures: Sequence[int]) -> ContestCount:
    ballots, blank, void, *votes = figures
    by_candidate = {each.id: number for each, number in zip(contest.candidates, votes, strict=True)}
    return ContestCount(contest.id, ballots, blank, void, by_candidate)


def _outcome(visit: Visit, contests: Sequence[Contest], done: Counted) -> str:
    if done.stands:
        return visit.text("staff-paper-count-stands")
    if not done.differs:
        return visit.text("staff-paper-count-waits")
    words = {f"*{name}": visit.text(f"staff-paper-{name}") for name in ("ballots", "blank", "void")}
    lines = []
    for contest in contests:
        names = words | {each.id: each.name.said(visit.language) for each in contest.candidates}
        lines += [
            f"{contest.title.said(visit.language)}: {names[item]}"
            for where, item in done.differs
            if where == contest.id
        ]
    return "\n".join([visit.text("staff-paper-count-differs"), *lines])


async def _contests(visit: Visit, here: PaperStation) -> Sequence[Contest]:
    definition, _, held = await visit.house.paper.held(here.name)
    return [contest for contest in definition.contests if contest.id in held]


async def _here(visit: Visit) -> PaperStation | None:
    """The station at which this clerk works."""
    name = visit.session.staff.get("station", "")
    return next((each for each in await visit.house.paper.stations() if each.name == name), None)


def _mark(name: str) -> str:
    """A name as a button can carry it."""
    return hashlib.sha256(name.encode()).hexdigest()[:8]


WORK = Work(KEY, "staff-paper", CLERKS, show, hear)
