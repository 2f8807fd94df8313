"""Paper stations in bulletins: what adds up, what is named, and what the verifier says of each false figure."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from board.page import page
from board.telling import Shown
from board.verify import verify
from election.books import Books
from election.bulletin import BulletinRefused, canonical, make
from election.bulletin_result import published
from election.deeds.deed import payload
from election.leaf import Leaf, act_digest
from election.paper import CLOSE, OPEN
from election.paper_count import ContestCount, PaperCount, joined
from election.ports import Act
from election.tally import count
from tests.board.little_election import KEY, LittleElection
from tests.board.tampering import Files, read_files, signed_anew
from vault import signing


class PaperElection(LittleElection):
    """With one station, which can be closed."""

    def done(self, kind: str, about: dict[str, str | int]) -> None:
        told = payload("club-2026", about)
        self.acts.append(Act(len(self.acts) + 1, self.now, kind, told, "due", "Clerk One", "Clerk Two", "done"))
        self.waiting.append(Leaf("action", act_digest(self.acts[-1])))

    def closes(self, cast: int, spoilt: int = 0) -> None:
        """With so many ballots in its box; so many were exchanged before."""
        issued = self.station.issued + spoilt
        self.station = replace(self.station, issued=issued, spoilt=spoilt, cast=cast, is_open=False)
        self.done(CLOSE, dict(self.station.account(cast).as_about()))

    def opens_again(self) -> None:
        self.station = replace(self.station, cast=0, is_open=True)
        self.done(OPEN, {"station": self.station.name, "regions": "", "branches": "", "serves": "*"})


def held(cast: int, spoilt: int = 0) -> PaperElection:
    """Twelve on paper, then the station closes with so many in its box."""
    little = PaperElection(2)
    little.act("open")
    little.publish()
    for member in range(30):
        if member % 10 != 9:
            little.cast(member, "telegram" if member % 2 else "sms")
    for member in (0, 1, 9, 19, *range(40, 48)):
        little.hand_out_paper(member)
    little.publish()
    little.closes(cast, spoilt)
    little.publish()
    return little


def told(little: LittleElection, number: int = -1) -> Any:
    return json.loads(little.bulletins[number])


def failed(folder: Path) -> dict[str, str]:
    report = verify(folder, KEY.public_key, signing.verify, ())
    return {check.name: check.detail for check in report.checks if not check.ok}


def test_a_station_that_adds_up_is_counted_and_not_named(tmp_path: Path) -> None:
    little = held(cast=12, spoilt=2)
    assert told(little, 1)["paper"]["out"] == 12
    assert told(little)["paper"] == {
        **{"stations": 1, "issued": 14, "cast": 12, "spoilt": 2, "returned": 0},
        **{"out": 0, "missing": 0, "excess": 0},
    }
    assert [each for each in told(little)["incidents"] if each["what"] == "paper"] == []
    assert failed(little.write(tmp_path / "bundle")) == {}


@pytest.mark.parametrize(("cast", "missing", "excess"), [(13, 0, 1), (9, 3, 0)])
def test_a_station_that_does_not_is_named_for_good(tmp_path: Path, cast: int, missing: int, excess: int) -> None:
    little = held(cast)
    (named,) = [each for each in told(little)["incidents"] if each["what"] == "paper"]
    assert (named["station"], named["issued"], named["cast"], named["roll"]) == ("Station 1", 12, cast, 635)
    assert (told(little)["paper"]["missing"], told(little)["paper"]["excess"]) == (missing, excess)
    little.opens_again()
    little.publish()
    assert told(little)["paper"]["out"] == 12
    little.closes(12)
    little.publish()
    assert (told(little)["paper"]["missing"], told(little)["paper"]["excess"]) == (0, 0)
    assert named in told(little)["incidents"], "what was told is not taken back"
    assert failed(little.write(tmp_path / "bundle")) == {}


def test_more_members_than_a_station_serves_are_an_incident_though_it_adds_up() -> None:
    little = PaperElection(2)
    little.act("open")
    for member in range(4):
        little.hand_out_paper(member)
    little.station = replace(little.station, members=3)
    little.closes(4)
    little.publish()
    (named,) = [each for each in told(little)["incidents"] if each["what"] == "paper"]
    assert (named["cast"], named["roll"]) == (4, 3)


def _station(**figures: int) -> Callable[[Books], Books]:
    return lambda books: replace(books, stations=[replace(each, **figures) for each in books.stations])


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (_station(issued=13, cast=13), "13 paper ballots were handed out, 0 of them for spoilt ones, but 12 members"),
        (_station(spoilt=1), "but 12 members are on paper"),
        (_station(cast=11), "missing or too many, and no station is named"),
        (lambda books: replace(books, stations=()), "but 12 members are on paper"),
        (lambda books: replace(books, stations=()), "Of paper “stations” was 1 and is 0"),
    ],
)
def test_a_bulletin_whose_paper_does_not_reconcile_is_refused(spoil: Callable[[Books], Books], reason: str) -> None:
    little = held(cast=12)
    with pytest.raises(BulletinRefused, match=reason):
        make(spoil(little.books()), little.definition, little.keys(), little.now, KEY.sign)


def _changed(change: Callable[[Any], object]) -> Callable[[Files], Files]:
    """The newest bulletin with something changed in it."""

    def tamper(files: Files) -> Files:
        name = max(name for name in files if name.startswith("bulletins/"))
        body = json.loads(files[name])
        change(body)
        return signed_anew({**files, name: canonical(body)})

    return tamper


def _named(body: Any) -> Any:
    return next(each for each in body["incidents"] if "station" in each)


@pytest.mark.parametrize(
    ("change", "check", "words"),
    [
        (lambda body: body["paper"].update(issued=13), "sums", "13 paper ballots are issued, to 12 members"),
        (lambda body: body["paper"].update(cast=14), "sums", "and 14 are told"),
        (lambda body: body["paper"].update(returned=1), "sums", "and 14 are told"),
        (lambda body: body["paper"].update(missing=1), "sums", "and 14 are told"),
        (lambda body: body["incidents"].remove(_named(body)), "sums", "no station is named"),
        (lambda body: _named(body).update(cast=12), "sums", "is told as an incident, and it adds up"),
        (lambda body: _named(body).update(act=99), "sums", "the act that closed it is not"),
        (lambda body: _named(body).update(note=1), "files", ""),
        (lambda body: body["paper"].update(stations=0), "growth", "1 of paper “stations” became 0"),
        (lambda body: body.pop("paper"), "growth", "the paper stations are no longer told"),
    ],
)
def test_a_false_figure_of_paper_is_found(
    tmp_path: Path, change: Callable[[Any], object], check: str, words: str
) -> None:
    little = held(cast=13)
    files = _changed(change)(read_files(little.write(tmp_path / "true")))
    for name, data in files.items():
        (tmp_path / "false" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "false" / name).write_bytes(data)
    found = failed(tmp_path / "false")
    if check == "files":
        assert "that is not known" in found["form"]
    else:
        assert words in found[check], found


def counted(cast: int = 12) -> PaperElection:
    """Counted, with papers joined; so many in the box."""
    little = held(cast)
    little.act("close", "closed")
    little.cut = True
    phone = count(little.definition, [little._marks(member) for member in sorted(little.voted)])
    chair, council = little.definition.contests
    papers = PaperCount(
        "Station 1",
        (
            ContestCount(chair.id, cast, 0, 0, {"1": cast, "2": 0, "3": 0}),
            ContestCount(council.id, cast, cast, 0, {each.id: 0 for each in council.candidates}),
        ),
    )
    result = joined(phone, little.definition, [papers], cast)
    little.result = published(little.definition, result, KEY.sign)
    little.stage = "counted"
    little.publish(final=True)
    return little


def test_a_result_with_papers_verifies_and_stands_on_the_page(tmp_path: Path) -> None:
    little = counted()
    assert failed(little.write(tmp_path / "bundle")) == {}
    shown = Shown(told(little), "a" * 64, KEY.public_key, "Asia/Almaty", "bundle/", json.loads(little.result or b""))
    text = page(shown)
    for words in ("Beside them, ballots on paper: 12.", "Кроме них, бумажных бюллетеней: 12.", "қағаз бюллетень: 12."):
        assert words in text


def test_a_result_that_counts_other_papers_than_lay_in_the_boxes_is_found(tmp_path: Path) -> None:
    little = counted()
    body = json.loads(little.result or b"")
    for change in (lambda: body.update(paper=11), lambda: body.update(paper=13)):
        change()
        little.result = canonical(body)
        files = signed_anew(read_files(little.write(tmp_path / str(body["paper"]))))
        for name, data in files.items():
            (tmp_path / str(body["paper"]) / name).write_bytes(data)
        assert "on paper are counted; 12 were in the boxes" in failed(tmp_path / str(body["paper"]))["result"]


@pytest.mark.parametrize(("cast", "language", "words"), [
    (13, "kk", "«Station 1» учаскесінде сандар сәйкес келмейді. Берілген бюллетень: 12. Жәшікте: 13"),
    (13, "ru", "участок «Station 1» не сходится. Выдано бюллетеней: 12. В урне: 13"),
    (13, "en", "the paper station “Station 1” does not add up: 12 ballots handed out, but 13 in the box"),
])  # fmt: skip
def test_the_page_names_the_station_in_each_language_once(cast: int, language: str, words: str) -> None:
    little = held(cast)
    text = page(Shown(told(little), "a" * 64, KEY.public_key, "Asia/Almaty", "bundle/"))
    section = text.split(f'<section id="{language}"')[1].split("</section>")[0]
    assert section.count(words) == 1
    assert "did-paper-close" not in section
    assert "paper-close" not in section
