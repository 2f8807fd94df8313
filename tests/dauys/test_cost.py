"""What an election costs: by the real texts, the roll there is, and what is assumed aloud."""

from datetime import UTC, datetime

import pytest

from dauys.trial_vote import tried_out
from tests.dauys.command_line import CommandLine
from tests.voters import FILE

NOTHING_MORE = ("--redo", "0", "--more-codes", "0", "--reminders", "0", "--bulletins", "0")
NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)


def test_in_telegram_a_member_costs_a_code_and_a_notice(opened: CommandLine) -> None:
    told = opened("cost", "--by-sms", "0", *NOTHING_MORE, "--json").json
    assert told["assumed"]["members"] == {"kk": 1, "ru": 2, "en": 0}, "three of this roll can vote by phone"
    assert told["segments"] == {"codes": 3, "notices": 3, "ballots": 0, "reminders": 0, "bulletins": 0}
    assert (told["sms_segments"], told["telegram_messages"], told["money"]) == (6, 0, None)


def test_everything_that_is_assumed_is_in_the_sum(opened: CommandLine) -> None:
    told = opened(
        *("cost", "--members", "1000", "--languages", "ru=1", "--by-sms", "0.2", "--redo", "0.5", "--turnout", "0.5"),
        *("--more-codes", "1", "--bulletins", "3", "--reminders", "2", "--price", "0.5", "--json"),
        BULLETINS_BY_SMS="true",
        TELEGRAM_PER_SECOND="10",
        SMS_PER_SECOND="2",
        BOT_TOKEN="1:a,2:b",
    ).json
    one = told["segments_of_one"]["ru"]
    assert told["segments"] == {
        "codes": 800 * 0.5 * 1.5 * 2 * one["code"],
        "notices": 0.5 * 1.5 * (800 * one["notice"] + 200 * one["notice_sms"]),
        "ballots": 200 * 0.5 * 1.5 * one["ballot"],
        "reminders": 200 * 2 * one["reminder"],
        "bulletins": 200 * 3 * one["bulletin"],
    }
    assert told["sms_segments"] == sum(told["segments"].values())
    assert told["sms_hours"] == round(told["sms_segments"] / 2 / 3600, 2)
    assert told["telegram_messages"] == 800 * 5
    assert told["telegram_hours"] == round(800 * 5 / 20 / 3600, 2)
    assert told["money"] == told["sms_segments"] * 0.5


def test_a_table_says_what_it_assumes_and_a_price_may_be_a_setting(opened: CommandLine) -> None:
    shown = opened.succeeds("cost", SMS_PRICE="0.03")
    for words in ("at 0.03 a segment", "10% of them by SMS", "--by-sms", "2% of votes", "Not in it"):
        assert words in shown


def test_before_there_is_a_roll_their_number_is_asked_for(dauys: CommandLine) -> None:
    assert "--members" in dauys("cost").refusal
    told = dauys("cost", "--members", "835000", "--json").json
    assert sum(told["assumed"]["members"].values()) == 835_000
    assert "example election" in dauys.succeeds("cost", "--members", "10")


@pytest.mark.parametrize("languages", ["kk", "kk=much", "de=1", "kk=-1", "kk=0", "kk=nan"])
def test_shares_that_are_none_are_refused(dauys: CommandLine, languages: str) -> None:
    assert "--languages" in dauys("cost", "--members", "10", "--languages", languages).refusal


async def test_a_vote_by_sms_is_tried_out_to_its_receipt() -> None:
    """Three candidates: the ballot with its code, the review, the receipt: tests/texts/test_sms_budgets.py."""
    found = await tried_out(FILE, 1000, NOW)
    assert {language: each.ballot for language, each in found.items()} == {"kk": 5, "ru": 5, "en": 5}
    assert all((each.code, each.notice, each.notice_sms) == (1, 1, 1) for each in found.values())


async def test_a_longer_ballot_costs_more_and_without_sms_voting_none_does() -> None:
    regional = (
        '[[contest]]\nid = "{0}"\ntitle = "Совет"\nregions = ["{0}"]\n[[contest.candidate]]\nid = "1"\nname = "Ким"\n'
    )
    long = FILE + regional.format("Astana") + regional.format("Almaty")
    assert (await tried_out(long, 1000, NOW))["ru"].ballot > 5
    deaf = FILE.replace("[commission]", "[policy]\nsms_voting = false\n[commission]")
    assert {each.ballot for each in (await tried_out(deaf, 1000, NOW)).values()} == {0}
