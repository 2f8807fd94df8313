"""One contest: choose by button, by number, or find by name. Several may be ticked where several may be chosen."""

import re
from dataclasses import replace

from election import order
from election.definition import Candidate, Contest
from election.station import Voter
from handlers.session import Session
from handlers.speech import Action, Option, Reply
from handlers.visit import Visit

_SHORT = 34
"""Signs of a name that a button shows whole on a small phone."""

_NUMBERED = re.compile(r"([ptug])([0-9]{1,3})")
"""Buttons with a place in them: pick, tick and untick the candidate in this place of the file, go to this page."""

_RUSSIAN_TWINS = str.maketrans("ёәғқңөұүһі", "еагкноуухи")
"""People write Kazakh names on a Russian keyboard, and ё as е everywhere."""


def show(visit: Visit, voter: Voter, footer: str = "") -> list[Reply]:
    """The contest the member has come to. `footer` is put last: by SMS, how to answer and the code."""
    session = visit.session
    contest = voter.style[session.contest]
    ordered = order.shown_order(contest, voter.member.id)
    listed = _listed(visit, ordered)
    size = visit.incoming.options_a_screen or len(listed)
    pages = -(-len(listed) // size)
    session.page = min(session.page, pages - 1)
    visible = listed[session.page * size : (session.page + 1) * size]
    described = not visit.by_sms and _needs_lines(visit, contest, [candidate for _, candidate in visible])
    marked = session.marks.get(contest.id, [])
    several = contest.choose > 1
    options = tuple(
        Option(
            number,
            _label(visit, contest, candidate),
            visit.payload(_press_key(contest, candidate, marked)),
            ticked=candidate.id in marked,
        )
        for number, candidate in visible
    )
    reply = visit.incoming.reply(
        "\n".join([_question(visit, voter, contest, pages), *(_lines(visit, contest, visible) if described else [])]),
        heading=contest.title.said(visit.language),
        options=options,
        numbered=described,
        actions=_actions(visit, contest, pages, several=several),
        footer=footer,
    )
    return [reply]


async def hear(visit: Visit, voter: Voter) -> list[Reply] | None:
    """A choice, a page, a search, or a way back."""
    contest = voter.style[visit.session.contest]
    if visit.incoming.press:
        return _pressed(visit, voter, contest, visit.press)
    if visit.phrase.numbers:
        return _typed(visit, voter, contest, visit.phrase.numbers)
    if visit.phrase.meaning == "no":
        return _back(visit, voter)
    if visit.phrase.meaning == "all":
        visit.session.query = ""
        return None
    if visit.phrase.meaning == "next" and contest.choose > 1:
        return _next(visit, voter, contest)
    if visit.phrase.meaning:
        return [awaiting(visit, contest)]
    return _search(visit, contest)


def _pressed(visit: Visit, voter: Voter, contest: Contest, key: str) -> list[Reply] | None:
    numbered = _NUMBERED.fullmatch(key)
    if numbered:
        return _pressed_place(visit, voter, contest, numbered[1], int(numbered[2]))
    if key == "a":
        visit.session.query = ""
    elif key == "b":
        return _back(visit, voter)
    elif key == "n":
        return _next(visit, voter, contest)
    elif key == "0" and contest.blank:
        return _answered(visit, voter, contest, [])
    return None


def _pressed_place(visit: Visit, voter: Voter, contest: Contest, act: str, place: int) -> list[Reply] | None:
    if act == "g":
        visit.session.page = place
    elif place < len(contest.candidates):
        chosen = contest.candidates[place].id
        if chosen in visit.standing.struck(contest.id) and act != "u":
            return [replace(reply, toast=visit.text("candidate-struck")) for reply in show(visit, voter)]
        if contest.choose == 1:
            return _answered(visit, voter, contest, [chosen])
        marked = visit.session.marks.get(contest.id, [])
        if act == "u":
            visit.session.marks[contest.id] = [each for each in marked if each != chosen]
        elif chosen not in marked:
            if len(marked) >= contest.choose:
                return [visit.incoming.reply("", toast=visit.text("too-many", choose=contest.choose))]
            visit.session.marks[contest.id] = [*marked, chosen]
    return None


def _next(visit: Visit, voter: Voter, contest: Contest) -> list[Reply] | None:
    marked = visit.session.marks.get(contest.id, [])
    if not marked and not contest.blank:
        return [visit.incoming.reply("", toast=visit.text("choose-at-least-one"))]
    return _answered(visit, voter, contest, marked)


def _typed(visit: Visit, voter: Voter, contest: Contest, numbers: tuple[int, ...]) -> list[Reply] | None:
    ordered = order.shown_order(contest, voter.member.id)
    if numbers == (0,) and contest.blank:
        return _answered(visit, voter, contest, [])
    if any(not 1 <= number <= len(ordered) for number in numbers):
        return [awaiting(visit, contest)]
    chosen = list(dict.fromkeys(ordered[number - 1].id for number in numbers))
    if len(chosen) > contest.choose:
        return [visit.say("too-many", choose=contest.choose)]
    if not visit.standing.struck(contest.id).isdisjoint(chosen):
        return [visit.say("candidate-struck")]
    return _answered(visit, voter, contest, chosen)


def awaiting(visit: Visit, contest: Contest) -> Reply:
    """What is awaited at this contest, in one sentence."""
    key = "awaiting-choice" if contest.choose == 1 else "awaiting-choices"
    return visit.say(f"{key}-{visit.door}", last=len(contest.candidates), choose=contest.choose)


def _answered(visit: Visit, voter: Voter, contest: Contest, chosen: list[str]) -> list[Reply] | None:
    session = visit.session
    session.marks[contest.id] = chosen
    _go_to(session, voter, len(voter.style) if session.edit else session.contest + 1)
    return None


def _back(visit: Visit, voter: Voter) -> list[Reply] | None:
    session = visit.session
    if session.edit or session.contest > 0:
        _go_to(session, voter, len(voter.style) if session.edit else session.contest - 1)
    return None


def _go_to(session: Session, voter: Voter, place: int) -> None:
    session.edit = False
    session.enter("contest" if place < len(voter.style) else "review", place)


def _search(visit: Visit, contest: Contest) -> list[Reply] | None:
    sought = visit.phrase.text
    if len(sought) < 2 or not any(_is_named(c, sought) for c in contest.candidates):
        return [awaiting(visit, contest)]
    visit.session.query = sought
    visit.session.page = 0
    return None


def _is_named(candidate: Candidate, sought: str) -> bool:
    names = {candidate.name.kk, candidate.name.ru, candidate.name.en}
    wanted = _folded(sought).split()
    return any(all(word in _folded(name) for word in wanted) for name in names)


def _folded(name: str) -> str:
    return name.casefold().translate(_RUSSIAN_TWINS)


def _listed(visit: Visit, ordered: tuple[Candidate, ...]) -> list[tuple[int, Candidate]]:
    numbered = list(enumerate(ordered, 1))
    query = visit.session.query
    return [pair for pair in numbered if _is_named(pair[1], query)] if query else numbered


def _press_key(contest: Contest, candidate: Candidate, marked: list[str]) -> str:
    index = contest.candidates.index(candidate)
    if contest.choose == 1:
        return f"p{index}"
    # tick and untick are different words, so that a repeated tap is harmless
    return f"u{index}" if candidate.id in marked else f"t{index}"


def _question(visit: Visit, voter: Voter, contest: Contest, pages: int) -> str:
    marked = len(visit.session.marks.get(contest.id, []))
    text = (
        visit.here("choose-one")
        if contest.choose == 1
        else visit.here("choose-several", choose=contest.choose, chosen=marked)
    )
    if len(voter.style) > 1:
        text = visit.text("contest-of", number=visit.session.contest + 1, all=len(voter.style)) + " " + text
    if visit.session.query:
        text += "\n" + visit.text("found", query=visit.session.query[:40])
    elif pages > 1:
        text += "\n" + visit.text("find-by-name")
    return text


def _label(visit: Visit, contest: Contest, candidate: Candidate) -> str:
    name = candidate.name.said(visit.language)
    return visit.text("struck-name", name=name) if candidate.id in visit.standing.struck(contest.id) else name


def _needs_lines(visit: Visit, contest: Contest, candidates: list[Candidate]) -> bool:
    return any(c.about or len(_label(visit, contest, c)) > _SHORT for c in candidates)


def _lines(visit: Visit, contest: Contest, visible: list[tuple[int, Candidate]]) -> list[str]:
    lines = [""]
    for number, candidate in visible:
        about = f" — {candidate.about.said(visit.language)}" if candidate.about else ""
        lines.append(f"{number}. {_label(visit, contest, candidate)}{about}")
    return lines


def _actions(visit: Visit, contest: Contest, pages: int, *, several: bool) -> tuple[Action, ...]:
    session = visit.session
    actions = []
    if pages > 1:
        before, after = (session.page - 1) % pages, (session.page + 1) % pages
        actions.append(Action(visit.text("page-before"), visit.payload(f"g{before}"), row=0))
        place = f"{session.page + 1}/{pages}"
        actions.append(Action(place, visit.payload(f"g{session.page}"), row=0))
        actions.append(Action(visit.text("page-after"), visit.payload(f"g{after}"), row=0))
    if session.query:
        actions.append(Action(visit.text("show-all"), visit.payload("a"), visit.text("word-all"), row=1))
    marked = session.marks.get(contest.id, [])
    if contest.blank and not (several and marked):
        actions.append(Action(visit.text("leave-blank"), visit.payload("0"), "0", row=2))
    if session.contest > 0 or session.edit:
        actions.append(Action(visit.text("back"), visit.payload("b"), row=3))
    if several and (marked or not contest.blank):
        actions.append(Action(visit.text("next"), visit.payload("n"), row=3))
    return tuple(actions)
