"""The page that people read."""

import json
import re
import string
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from board.page import page
from board.telling import Shown
from board.words import WORDS
from election.definition import LANGUAGES
from tests.board.little_election import KEY, LittleElection, a_whole_election

VOID = {"meta", "br", "link", "input"}


class Reader(HTMLParser):
    """Takes a page apart: every element closed in its order, the text by section, and where links lead."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self.text: dict[str, str] = {}
        self._section = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.seen.append(tag)
        if tag not in VOID:
            self.open.append(tag)
        if tag == "section":
            assert given["id"] == given["lang"]
            self._section = str(given["id"])
        if tag == "a":
            self.links.append(str(given["href"]))
        self.ids += [str(given["id"])] if "id" in given else []
        assert not any(name.startswith("on") or name in ("src", "style") for name in given)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        if tag == "section":
            self._section = ""

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)

    def handle_data(self, data: str) -> None:
        self.text[self._section] = self.text.get(self._section, "") + data


def _read(text: str) -> Reader:
    reader = Reader()
    reader.feed(text)
    reader.close()
    assert reader.open == []
    return reader


def _shown(little: LittleElection, number: int = -1, *, live: bool = False, **changed: Any) -> Shown:
    bulletins = [json.loads(bulletin) for bulletin in little.bulletins]
    told = bulletins[number] | changed
    result = json.loads(little.result) if little.result and number == -1 else None
    earlier = [each for each in bulletins if each["number"] < told["number"]]
    return Shown(told, "a" * 64, KEY.public_key, "Asia/Almaty", "bundle/", result, earlier, live, live)


@pytest.fixture(scope="module")
def little() -> LittleElection:
    return a_whole_election()


def test_the_page_is_whole_and_asks_nothing_of_other_machines(little: LittleElection) -> None:
    for live in (False, True):
        reader = _read(page(_shown(little, live=live)))
        assert {"img", "iframe"}.isdisjoint(reader.seen)
        assert reader.links[:3] == ["#kk", "#ru", "#en"]
        assert all(not link.startswith(("http", "//")) for link in reader.links)
        assert len(reader.ids) == len({*reader.ids})


def test_the_page_of_a_bundle_has_no_script_at_all(little: LittleElection) -> None:
    text = page(_shown(little))
    assert {"script", "form", "input"}.isdisjoint(_read(text).seen)
    assert "script-src 'none'; connect-src 'none'" in text


def test_each_script_and_the_style_are_named_by_their_hash_and_nothing_else_may_run(little: LittleElection) -> None:
    text = page(_shown(little, live=True))
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text)[1]
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    for rule, tag, number in (("script-src", "script", 3), ("style-src", "style", 1)):
        inside = re.findall(rf"<{tag}[^>]*>(.*?)</{tag}>", text, re.DOTALL)
        hashes = [f"'sha256-{b64encode(sha256(each.encode()).digest()).decode()}'" for each in inside]
        assert len(hashes) == number
        assert rules[rule].split() == hashes
    assert rules["default-src"] == "'none'"
    assert rules["connect-src"] == "'self'"


def test_bars_by_hour_are_as_wide_as_their_hours_and_stand_in_figures_too(little: LittleElection) -> None:
    hours = [
        {"from": "2026-12-01T04:00:00+00:00", "to": "2026-12-01T05:00:00+00:00", "telegram": 30, "sms": 6, "paper": 0},
        {"from": "2026-12-01T05:00:00+00:00", "to": "2026-12-01T08:00:00+00:00", "telegram": 9, "sms": 0, "paper": 3},
    ]
    text = page(_shown(little, hours=hours))
    told = _read(text).text["en"]
    assert "Busiest: 01.12, 09:00–10:00, 36 an hour." in told
    assert '<rect class="telegram" x="0" y="67" width="250" height="333"/>' in text
    assert '<rect class="paper" x="250" y="356" width="750" height="11"/>' in text
    assert "01.12, 10:00–13:0090312" in told.replace("\n", "")


def test_before_any_hour_is_told_there_is_no_empty_chart(little: LittleElection) -> None:
    assert "By hour" not in _read(page(_shown(little, hours=[]))).text["en"]
    first = _read(page(_shown(little, 0))).text["en"]
    assert "Turnout at each bulletin" not in first
    assert "Since bulletin" not in first


def test_what_has_come_since_the_last_bulletin_is_told_with_its_sign(little: LittleElection) -> None:
    assert "Since bulletin 3: +56." in _read(page(_shown(little, 3))).text["en"]
    assert "Since bulletin 4: \N{MINUS SIGN}4." in _read(page(_shown(little, 4))).text["en"]


def test_each_language_tells_the_same_figures_and_names_what_they_are_of(little: LittleElection) -> None:
    text = _read(page(_shown(little))).text
    assert [*text] == ["", *LANGUAGES]
    for language in LANGUAGES:
        told = text[language].replace("\N{NO-BREAK SPACE}", " ")
        for figure in ("636", "259", "573", "246", "40.7" if language == "en" else "40,7"):
            assert figure in told, (language, figure)
        assert json.loads(little.bulletins[-1])["log"]["root"] in told
        assert KEY.public_key.hex() in told
    assert "Members on the roll: 636. Have voted: 259 (40.7 %)." in text["en"].replace("\N{NO-BREAK SPACE}", " ")
    assert "Всего в списке: 636. Проголосовали: 259 (40,7 %)." in text["ru"].replace("\N{NO-BREAK SPACE}", " ")
    assert "Тізімде барлығы: 636. Дауыс бергендер: 259 (40,7 %)." in text["kk"].replace("\N{NO-BREAK SPACE}", " ")


def test_regions_told_together_are_named_and_the_reason_is_given(little: LittleElection) -> None:
    text = _read(page(_shown(little))).text["en"]
    assert "Other regions" in text
    assert "Abai, Aral, Oral" in text


def test_the_result_stands_on_the_page_of_the_last_bulletin_only(little: LittleElection) -> None:
    assert "Ballots opened: 246." in _read(page(_shown(little))).text["en"]
    assert "Ballots opened" not in _read(page(_shown(little, 3))).text["en"]


def test_times_are_those_of_the_election_and_acts_are_told_without_names(little: LittleElection) -> None:
    text = _read(page(_shown(little))).text
    assert "01.12.2026, 09:00: voting began" in text["en"]
    assert "the roll was changed, new version: 2" in text["en"]
    assert "act of the commission" not in text["en"]  # the change of the roll is told once
    assert "Aigerim" not in "".join(text.values())


def test_an_act_of_another_kind_is_told_by_its_kind(little: LittleElection) -> None:
    incidents = [{"at": "2026-12-01T04:00:00+00:00", "what": "some-new-kind", "act": 1}]
    assert "09:00: act of the commission: some-new-kind" in _read(page(_shown(little, incidents=incidents))).text["en"]


def test_a_small_club_is_told_that_one_word_is_enough(little: LittleElection) -> None:
    assert "one person's word" in _read(page(_shown(little, two_person=False))).text["en"]
    assert "one person's word" not in _read(page(_shown(little))).text["en"]


def test_before_anybody_signs_in_there_is_a_dash_and_no_percentage(little: LittleElection) -> None:
    shown = _shown(little, enrolled=0, by_channel={"telegram": 0, "sms": 0, "paper": 0}, voted=0)
    assert "Signed in: 0. Of these have voted by phone: 0 (–)." in _read(page(shown)).text["en"]


def test_words_of_others_are_never_taken_for_the_pages_own(little: LittleElection) -> None:
    evil = "<script>alert('&')</script>{voted}"
    rows = [{"region": evil, "electorate": 1, "enrolled": 1, "voted": 1}]
    incidents = [{"at": "2026-12-01T04:00:00+00:00", "what": evil, "act": 1}]
    title = dict.fromkeys(LANGUAGES, evil)
    shown = _shown(little, by_region=rows, merged=[evil], incidents=incidents, title=title)
    reader = _read(page(shown))
    assert "script" not in reader.seen
    assert all(reader.text[language].count(evil) == 4 for language in LANGUAGES)


def test_every_language_has_every_text_with_the_same_figures_in_it() -> None:
    fields = {
        language: {
            key: {field for _, field, _, _ in string.Formatter().parse(text) if field} for key, text in words.items()
        }
        for language, words in WORDS.items()
    }
    assert fields["kk"] == fields["ru"] == fields["en"]


def test_every_text_of_the_page_is_used() -> None:
    board = Path(__file__).parents[2] / "board"
    source = "".join((board / f"{name}.py").read_text(encoding="utf-8") for name in ("page", "figures", "guide"))
    made_up = ("stage-", "did-", "receipt-")
    said = {"telegram", "sms", "paper"} | {key for key in WORDS["en"] if key.startswith(made_up)}
    assert [
        key for key in WORDS["en"] if key not in said and f'"{key}"' not in source and f"'{key}'" not in source
    ] == []
