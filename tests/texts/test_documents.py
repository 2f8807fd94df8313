"""What the documents point at is there: files, settings' decisions, and every test that is named as a proof."""

import re
from pathlib import Path

import pytest

import handlers

ROOT = Path(handlers.__file__).parents[1]
DOCUMENTS = [*sorted((ROOT / "docs").rglob("*.md")), ROOT / "CHANGELOG.md", ROOT / "SECURITY.md"]
TESTS = {
    name
    for file in (ROOT / "tests").rglob("test_*.py")
    for name in re.findall(r"^(?:async )?def (test_\w+)", file.read_text(encoding="utf-8"), re.MULTILINE)
}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_leads_somewhere(document: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)", document.read_text(encoding="utf-8"))
    lost = [link for link in links if "://" not in link and not (document.parent / link).exists()]
    assert lost == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_file_of_ours_that_is_named_is_there(document: Path) -> None:
    named = re.findall(
        r"`((?:bot|dauys|docs|election|handlers|rehearsal|scheduler|sms_gateway|storage|tests|vault)/[\w./-]*)`",
        document.read_text(encoding="utf-8"),
    )
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_every_test_named_as_a_proof_exists() -> None:
    named = set(re.findall(r"`(test_\w+)`", (ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8")))
    assert len(named) > 20
    assert named - TESTS == set()


def test_decisions_are_numbered_without_a_gap_and_each_says_all_it_must() -> None:
    files = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    for number, file in enumerate(files, 1):
        text = file.read_text(encoding="utf-8")
        assert file.name.startswith(f"{number:04}-")
        assert text.startswith(f"# {number}. ")
        for part in ("Context", "Decision", "Rejected", "Consequences"):
            assert f"**{part}.**" in text, f"{file.name} says nothing of {part}"


def test_every_word_of_the_glossary_that_a_member_reads_is_the_one_in_the_texts() -> None:
    """The buttons and words of the table, held against the texts themselves."""
    from handlers.texts import LANGUAGES, Texts

    texts = Texts()
    rows = {
        cells[0].strip(): [cell.strip() for cell in cells]
        for line in (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines()
        if line.startswith("|") and (cells := line.strip("|").split("|"))
    }
    held = {
        "Share my number": ("share-number",),
        "Next / Back / Change": ("next", "back", "change"),
        "Cast my vote": ("cast",),
        "YES / NO": ("word-yes", "word-no"),
    }
    columns = {"en": 0, "ru": 1, "kk": 2}
    for row, keys in held.items():
        for language in LANGUAGES:
            assert rows[row][columns[language]] == " / ".join(texts.said(language, key) for key in keys)
    for language in LANGUAGES:
        assert rows["Not you?"][columns[language]] in texts.said(
            language, "vote-notice-sms", hour="14:03 01.12", digits="4471"
        )
        assert rows["You have voted"][columns[language]] in texts.said(language, "already-voted")
