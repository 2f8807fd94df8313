"""The page that people read: the newest bulletin in three languages, one file, nothing from elsewhere.

Whole without a script, as in the bundle: the language is the target of the address (`#kk`). On the board scripts are
added that only make it handier: `live/language.js`, `live/refresh.js`, `live/receipt.js`. The page names each by its
hash, and the browser runs no other.
"""

from base64 import b64encode
from collections.abc import Callable, Iterable
from functools import cache
from hashlib import sha256
from html import escape
from pathlib import Path

from board import figures, guide
from board.telling import Shown, Teller
from board.words import NAMES
from election.definition import LANGUAGES

_BLOCKS: dict[str, Callable[[Teller], Iterable[str]]] = {
    "turnout": figures.turnout,
    "result": figures.result,
    "hours": figures.by_hour,
    "receipt": guide.receipt,
    "course": figures.course,
    "channels": figures.by_channel,
    "regions": figures.by_region,
    "incidents": guide.incidents,
    "paper": guide.paper,
    "complaints": guide.complaints,
    "log": guide.log,
    "checks": guide.checks,
    "files": guide.files,
}
_ICON = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E"
    "%3Crect width='16' height='16' rx='4' fill='%23005f73'/%3E"
    "%3Cpath d='M4 8.5l3 3 5-6' fill='none' stroke='%23fff' stroke-width='2'/%3E%3C/svg%3E"
)

_WHOLE = "regions"
"""The block that is as wide as the page; others stand in two columns where there is room."""
_EARLY, _LATE = ("language.js",), ("refresh.js", "receipt.js")
_MODULE = ' type="module"'
_NOTHING, _SELF = "'none'", "'self'"


def page(shown: Shown) -> str:
    """The page as HTML. It follows the reader's choice of dark or light and fits the width of a phone."""
    title = " · ".join(dict.fromkeys(shown.bulletin["title"][language] for language in LANGUAGES))
    links = "".join(f'<a href="#{language}" lang="{language}">{NAMES[language]}</a>' for language in LANGUAGES)
    sections = "\n".join(_section(Teller(shown, language)) for language in LANGUAGES)
    style = _file("style.css")
    early, late = (_EARLY, _LATE) if shown.live else ((), ())
    policy = "; ".join(
        [
            "default-src 'none'",
            f"style-src {_hash(style)}",
            f"script-src {' '.join(map(_hash, map(_file, (*early, *late)))) or _NOTHING}",
            f"connect-src {_SELF if shown.live else _NOTHING}",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )
    return (
        f'<!doctype html>\n<html lang="kk">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n<title>{escape(title)}</title>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f'<link rel="icon" href="{_ICON}">\n<style>{style}</style>\n{_scripts(early)}</head>\n<body>\n'
        f'<nav aria-label="Тіл, язык, language">{links}</nav>\n'
        f'<main data-bulletin="{shown.bulletin["number"]}">\n{sections}\n</main>\n'
        f'<p id="news" role="status"></p>\n{_scripts(late, _MODULE)}</body>\n</html>\n'
    )


def _section(say: Teller) -> str:
    told, language = say.told, say.language
    number = str(told["number"])
    stage = say.says(f"stage-{told['stage']}") + (f" {say.says('final')}" if told["final"] else "")
    if told["stage"] in ("open", "paused") and told.get("closes"):
        stage += f" {say.says('closes', when=say.hour(told['closes']))}"
    percent = say.percent(told["voted"], told["electorate"])
    head = (
        f"<header><h1>{escape(told['title'][language])}</h1>\n"
        f'<p class="stage {escape(told["stage"])}">{stage}</p>\n'
        f"<p>{say.says('bulletin', number=number)} · {say.moment(told['at'])} "
        f"({escape(say.shown.timezone)})</p></header>"
    )
    said = (
        f'data-news="{say.says("news", number=number, percent=percent)}" data-away="{say.says("away", number=number)}"'
    )
    blocks = "\n".join(_block(f"{language}-{name}", block(say)) for name, block in _BLOCKS.items())
    return f'<section id="{language}" lang="{language}" {said}>\n{head}\n{blocks}\n</section>'


def _block(name: str, parts: Iterable[str]) -> str:
    """A block has its place even when it is empty, so that another bulletin's blocks are put where they belong."""
    inside = "\n".join(part for part in parts if part)
    if not inside:
        return f'<div id="{name}" hidden></div>'
    wide = " whole" if name.endswith(_WHOLE) else ""
    return f'<div id="{name}" class="block{wide}">\n{inside}\n</div>'


@cache
def _file(name: str) -> str:
    return (Path(__file__).parent / "live" / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def _scripts(names: Iterable[str], kind: str = "") -> str:
    return "".join(f"<script{kind}>{_file(name)}</script>\n" for name in names)
