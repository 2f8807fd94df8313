"""The picture that goes with a bulletin."""

import json
import subprocess
import sys
from io import BytesIO

import pytest
from PIL import Image

from board.chart import HEIGHT, WIDTH, drawn
from election.definition import LANGUAGES
from tests.board.little_election import LittleElection, a_whole_election

ZONE = "Asia/Almaty"


@pytest.fixture(scope="module")
def little() -> LittleElection:
    return a_whole_election()


def test_it_fits_a_phone_and_is_another_one_in_each_language(little: LittleElection) -> None:
    pictures = {language: drawn(little.bulletins, language, ZONE) for language in LANGUAGES}
    assert len({*pictures.values()}) == 3
    for picture in pictures.values():
        assert Image.open(BytesIO(picture)).size == (WIDTH, HEIGHT)
        assert len(picture) < 300_000


def test_equal_bulletins_give_equal_bytes_and_another_bulletin_gives_others(little: LittleElection) -> None:
    once, again = (drawn(little.bulletins, "kk", ZONE) for _ in range(2))
    assert once == again
    assert drawn(little.bulletins[:4], "kk", ZONE) != once


@pytest.mark.filterwarnings("error")
def test_letters_of_kazakh_dollars_and_long_names_are_drawn_as_they_are(little: LittleElection) -> None:
    """A letter that the font lacks, and a formula that is none, would be a warning or an error."""
    told = json.loads(little.bulletins[-1])
    names = ["ӘҒҚҢӨҰҮҺІәғқңөұүһі", "$x^2$ \\frac", "Ө" * 80, "", "*"]
    rows = [{"region": name, "electorate": 100, "enrolled": 50, "voted": 10 + n} for n, name in enumerate(names)]
    told |= {"by_region": rows, "title": dict.fromkeys(LANGUAGES, "$ӘҒҚ$ " * 20)}
    assert drawn([json.dumps(told).encode()], "kk", ZONE)


def test_before_the_first_vote_and_with_no_region_there_is_a_picture_too() -> None:
    little = LittleElection(regions={"": 30})
    little.publish()
    assert drawn(little.bulletins, "ru", ZONE)
    told = json.loads(little.bulletins[-1]) | {"electorate": 0, "by_region": []}
    assert drawn([json.dumps(told).encode()] * 2, "en", ZONE)


def test_drawing_is_imported_only_when_something_is_drawn() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import sys, board.chart, board.folder; sys.exit('matplotlib' in sys.modules)"]
    )
    assert done.returncode == 0
