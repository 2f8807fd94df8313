"""A setting is declared once, in dauys/settings.py; whatever speaks of settings is held against it."""

from pydantic import SecretStr

from dauys.settings import Settings
from tests.house.house import ROOT

FIELDS = Settings.model_fields


def test_the_example_shows_every_setting_once_with_its_help_and_its_default_and_nothing_else() -> None:
    heading, *blocks = (ROOT / ".env.example").read_text(encoding="utf-8").split("\n\n")
    assert all(line.startswith("# ") for line in heading.splitlines())
    assert [block.strip() for block in blocks] == [
        f"# {field.description}\n{name}={_shown(field.default)}" for name, field in FIELDS.items()
    ]


def test_the_page_on_settings_names_and_describes_every_one() -> None:
    page = (ROOT / "docs/settings.md").read_text(encoding="utf-8")
    assert [name for name in FIELDS if f"`{name}`" not in page] == []
    assert [name for name, field in FIELDS.items() if str(field.description) not in page] == []


def test_every_setting_has_a_help_line_that_is_a_sentence() -> None:
    assert [name for name, field in FIELDS.items() if not (field.description or "").endswith(".")] == []


def _shown(default: object) -> str:
    return default.get_secret_value() if isinstance(default, SecretStr) else str(default)
