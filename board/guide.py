"""What stands beside the figures: what happened, the log, and how to check a receipt and the whole."""

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from board.figures import folded, paragraphs
from board.telling import Teller
from board.words import WORDS

_ANSWERS = ("found", "waits", "missing", "mistyped", "away")
_DECISION = "complaint-decided"


def incidents(say: Teller) -> Iterable[str]:
    """What was done, the latest first."""
    told = say.told["incidents"]
    told_better = {incident["act"] for incident in told if "roll_version" in incident or "station" in incident}
    once = [each for each in told if "roll_version" in each or "station" in each or each["act"] not in told_better]
    once = [each for each in once if each["what"] != _DECISION]  # they are counted below
    once.sort(key=lambda incident: (incident["at"], incident["act"]), reverse=True)
    yield f"<h2>{say.says('incidents')}</h2>"
    yield paragraphs([_struck_off(say, row) for row in say.told.get("struck", ()) if row["in_force"]])
    if not once:
        yield paragraphs([say.says("no-incidents")])
        return
    items = [f"<li>{say.moment(incident['at'])}: {_incident(say, incident)}</li>" for incident in once]
    yield "<ul>" + "".join(items) + "</ul>"


def _struck_off(say: Teller, row: Mapping[str, Any]) -> str:
    return say.says("struck-off", name=row["name"][say.language], title=row["title"][say.language])


def complaints(say: Teller) -> Iterable[str]:
    """How many complaints there were, and what became of them."""
    told = say.told.get("complaints")
    if not told:
        return
    yield f"<h2>{say.says('complaints')}</h2>"
    if not told["filed"]:
        yield paragraphs([say.says("no-incidents")])
        return
    pressed = say.says("complaints-pressed", pressed=told["pressed"]) if "pressed" in told else ""
    yield paragraphs([say.says("complaints-text", **told), pressed])


def receipt(say: Teller) -> Iterable[str]:
    """How a member sees that her ballot is in the box: on the page with a script, and by hand."""
    language, last = say.language, str(say.told["number"])
    yield f"<h2>{say.says('my-receipt')}</h2>"
    if say.shown.live:
        # the script puts in the bulletin it finds, and hides nothing that is needed without it
        answers = {name: say.says(f"receipt-{name}", bulletin="{bulletin}", last=last) for name in _ANSWERS}
        told = " ".join(f'data-{name}="{text}"' for name, text in answers.items())
        field = f"{language}-code"
        yield (
            f'<form class="lookup" data-last="{last}" {"data-final " if say.told["final"] else ""}{told}>'
            f'<label for="{field}">{say.says("receipt-label")}</label>'
            f'<input id="{field}" name="receipt" required maxlength="60" autocomplete="off" spellcheck="false" '
            f'autocapitalize="characters" placeholder="K7HM-4XTA-36PC" aria-describedby="{field}-private">'
            f"<button>{say.says('receipt-look')}</button>"
            f'<output for="{field}" data-kept></output>'
            f'<small id="{field}-private">{say.says("receipt-private")}</small></form>'
        )
    yield paragraphs([say.says("my-receipt-text")])
    folder = escape(say.shown.bundle) or "./"
    by_hand = (
        paragraphs([say.says("receipt-hands-text")]) + "<pre>printf 'dauys receipt\\0%s' K7HM-4XTA-36PC | sha256sum\n"
        f'grep -l "cast 5438c3b82c18" {folder}log/*.txt</pre>'
    )
    yield folded(say, "receipt-hands", by_hand)


def paper(say: Teller) -> Iterable[str]:
    """What paper stations have handed out, and whether it adds up."""
    told = say.told.get("paper")
    if not told or not told["issued"]:
        return
    figures = {name: told[name] for name in ("stations", "issued", "cast", "spoilt", "returned", "out")}
    yield f"<h2>{say.says('paper-stations')}</h2>"
    yield paragraphs(
        [
            say.says("paper-text", **figures),
            say.says("paper-missing", missing=told["missing"]) if told["missing"] else "",
            say.says("paper-excess", excess=told["excess"]) if told["excess"] else "",
        ]
    )


def log(say: Teller) -> Iterable[str]:
    """The head of the log."""
    told = say.told["log"]
    yield f"<h2>{say.says('log')}</h2>"
    yield paragraphs([say.says("log-text", size=told["size"], waiting=sum(told["waiting"].values()))])
    yield f"<p>{say.says('root')}: <code>{escape(told['root'])}</code></p>"


def checks(say: Teller) -> Iterable[str]:
    """How anybody checks the whole, and what no check can show."""
    yield f"<h2>{say.says('verify')}</h2>"
    yield paragraphs([say.says("verify-text")])
    yield f"<pre>dauys verify {escape(say.shown.bundle) or './'} --key {say.shown.public_key.hex()}</pre>"
    yield paragraphs([say.says("key"), say.says("compare"), say.says("cannot")])


def files(say: Teller) -> Iterable[str]:
    """What can be downloaded."""
    shown, number = say.shown, say.told["number"]
    bundle = escape(shown.bundle)
    yield f"<h2>{say.says('files')}</h2>"
    yield (
        f'<p><a href="bulletins/{number}.json">{say.says("file")} {number}</a>, SHA-256 <code>{shown.digest}</code></p>'
        f'<p><a href="{bundle}manifest.json">{say.says("bundle")}</a></p>'
    )
    if shown.pictures:
        yield f'<p><a href="chart-{say.language}.png">{say.says("picture")}</a></p>'


def _incident(say: Teller, incident: Mapping[str, Any]) -> str:
    if "station" in incident:
        cast = sum(incident[name] for name in ("cast", "spoilt", "returned"))
        figures = {name: incident[name] for name in ("issued", "cast", "spoilt", "returned")}
        key = "paper-beyond" if cast == incident["issued"] else "paper-incident"
        return say.says(key, station=incident["station"], roll=incident["roll"], **figures)
    if "roll_version" in incident:
        return say.says("roll-changed", version=incident["roll_version"])
    known = f"did-{incident['what']}"
    return say.says(known) if known in WORDS[say.language] else say.says("did", what=incident["what"])
