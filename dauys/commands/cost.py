"""`dauys cost`: what an election will cost, before anything is bought."""

import asyncio
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from dauys import broadcasting, clock, settings
from dauys.costing import Assumed, Estimate, estimate, hours
from dauys.settings import Settings
from dauys.terminal import answer, say, table
from dauys.trial_vote import Billed, tried_out
from dauys.wiring import open_hall
from election.definition import LANGUAGES, Definition, Language
from election.election_file import example, parse
from election.errors import NoElection, OperatorRefusal

_UNKNOWN: Language = "kk"
"""The language of a member for whom the roll names none, as by SMS."""
_WHAT = {
    "codes": "codes to members in Telegram",
    "notices": "notices after a vote",
    "ballots": "ballots by SMS",
    "reminders": "reminders by SMS",
    "bulletins": "bulletins by SMS",
}


@dataclass(frozen=True, slots=True)
class Given:
    """What was said on the command line. `members` 0: the roll's. `bulletins` below 0: as the election file has it.
    `price` below 0: the setting's."""

    members: int
    by_sms: float
    redo: float
    turnout: float
    more_codes: float
    languages: str
    bulletins: int
    reminders: int
    price: float


def show(given: Given, as_json: bool) -> None:
    """Segments, hours and money, with all that is assumed."""
    options = settings.read()
    text, roll = asyncio.run(_election(options))
    if not given.members and not sum(roll.values()):
        raise OperatorRefusal("no_members", "There is no roll yet; say how many there will be with --members.")
    definition = parse(text or example())
    members = _by_language(given, roll)
    by_sms = given.by_sms if definition.policy.sms_voting else 0.0
    assumed = Assumed(
        members,
        by_sms,
        given.redo,
        given.turnout,
        given.more_codes,
        given.bulletins if given.bulletins >= 0 else _bulletins(definition),
        given.reminders,
        options.BULLETINS_BY_SMS,
    )
    billed = asyncio.run(tried_out(text or example(), assumed.in_all, clock.now()))
    found = estimate(assumed, billed)
    price = given.price if given.price >= 0 else options.SMS_PRICE
    if as_json:
        answer(_told(options, assumed, billed, found, price))
    else:
        _say(options, assumed, billed, found, price, "" if text else "the example election")


async def _election(options: Settings) -> tuple[str, Mapping[str, int]]:
    """The loaded election's file, empty where there is none, and who on its roll can vote by phone, by language."""
    async with open_hall(options) as hall:
        try:
            standing = await hall.standing.now_standing(clock.now())
        except NoElection:
            return "", {}
        return standing.record.definition, await hall.store.roll.languages()


def _by_language(given: Given, roll: Mapping[str, int]) -> dict[Language, int]:
    """The roll's own; or so many, in the shares that are given, or that the roll has."""
    known: dict[Language, int] = {each: roll.get(each, 0) for each in LANGUAGES}
    known[_UNKNOWN] += sum(number for each, number in roll.items() if each not in LANGUAGES)
    if not given.members and not given.languages:
        return known
    shares = _shares(given.languages) if given.languages else {each: float(n) for each, n in known.items()}
    whole = sum(shares.values())
    shares = shares if whole else dict.fromkeys(LANGUAGES, 1.0)
    members = given.members or sum(known.values())
    found: dict[Language, int] = {each: int(members * shares[each] / sum(shares.values())) for each in LANGUAGES}
    found[_UNKNOWN] += members - sum(found.values())
    return found


def _shares(given: str) -> dict[Language, float]:
    shares: dict[Language, float] = dict.fromkeys(LANGUAGES, 0.0)
    for part in given.split(","):
        name, _, share = part.partition("=")
        language = next((each for each in LANGUAGES if each == name.strip()), None)
        if language is None or not _is_share(share):
            raise OperatorRefusal("bad_languages", "--languages takes shares like kk=0.6,ru=0.35,en=0.05.")
        shares[language] = float(share)
    if not sum(shares.values()):
        raise OperatorRefusal("bad_languages", "--languages needs one share at least that is above nothing.")
    return shares


def _is_share(text: str) -> bool:
    try:
        return 0 <= float(text) < float("inf")
    except ValueError:
        return False


def _bulletins(definition: Definition) -> int:
    """One at each hour of the file on each day of the voting; a day where its hours are not fixed."""
    opens, closes = definition.opens, definition.closes
    days = (closes.date() - opens.date()).days + 1 if opens and closes else 1
    return len(definition.bulletins.at) * days


def _told(
    options: Settings, assumed: Assumed, billed: Mapping[Language, Billed], found: Estimate, price: float
) -> dict[str, object]:
    pace = broadcasting.telegram_pace(options)
    return {
        "members": assumed.in_all,
        "assumed": asdict(assumed),
        "segments_of_one": {language: asdict(each) for language, each in billed.items()},
        "segments": dict(found.segments),
        "sms_segments": found.in_all,
        "sms_per_second": options.SMS_PER_SECOND,
        "sms_hours": round(hours(found.in_all, options.SMS_PER_SECOND), 2),
        "telegram_messages": found.in_telegram,
        "telegram_per_second": pace,
        "telegram_hours": round(hours(found.in_telegram, pace), 2),
        "price": price or None,
        "money": round(found.in_all * price, 2) if price else None,
    }


def _say(
    options: Settings,
    assumed: Assumed,
    billed: Mapping[Language, Billed],
    found: Estimate,
    price: float,
    instead: str,
) -> None:
    table(
        "Segments of one, by the texts as they are" + (f" and the ballot of {instead}" if instead else ""),
        ("language", "members", "code", "notice", "notice (SMS)", "ballot by SMS", "reminder", "bulletin"),
        [
            (
                language,
                assumed.members[language],
                each.code,
                each.notice,
                each.notice_sms,
                each.ballot,
                each.reminder,
                each.bulletin,
            )
            for language, each in billed.items()
        ],
    )
    table("The election", ("for", "SMS segments"), [(_WHAT[what], number) for what, number in found.segments.items()])
    pace = broadcasting.telegram_pace(options)
    money = f", {found.in_all * price:,.2f} at {price:g} a segment" if price else "; with --price also in money"
    say(f"By SMS {_spaced(found.in_all)} segments{money}.")
    say(f"At {options.SMS_PER_SECOND:g} a second they take {hours(found.in_all, options.SMS_PER_SECOND):,.1f} hours.")
    say(
        f"In Telegram {_spaced(found.in_telegram)} messages unasked: at {pace:g} a second (all bots) "
        f"{hours(found.in_telegram, pace):,.1f} hours."
    )
    say("Assumed, and to be changed:")
    say(f"  {assumed.turnout:.0%} of {_spaced(assumed.in_all)} members vote (--members, --turnout, --languages)")
    say(f"  {assumed.by_sms:.0%} of them by SMS, with the longest ballot there is (--by-sms)")
    say(f"  {assumed.redo:.0%} of votes are cast again (--redo), {assumed.more_codes:.0%} more codes (--more-codes)")
    say(
        f"  {assumed.bulletins} bulletins {'also' if assumed.bulletins_by_sms else 'not'} by SMS (--bulletins, "
        f"BULLETINS_BY_SMS), {assumed.reminders} reminders to everybody (--reminders)"
    )
    say("Not in it: what members' own SMS cost, rented numbers, letters that are tried twice.")


def _spaced(number: int) -> str:
    return f"{number:,}".replace(",", " ")
