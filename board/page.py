"""The page that people read: the newest bulletin in three languages, one file, no script, nothing from elsewhere."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from board.telling import Shown, Teller
from board.words import NAMES, WORDS
from election.definition import LANGUAGES
from election.turnout import OTHER_REGIONS

_STYLE = """
:root { color-scheme: light dark; }
body { margin: 0 auto; max-width: 44rem; padding: 0 1rem 3rem; font: 1.05rem/1.5 system-ui, sans-serif; }
nav { position: sticky; top: 0; padding: .6rem 0; background: Canvas; border-bottom: 1px solid #8886; }
nav a { margin-right: 1.2rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 1.5rem 0 .3rem; }
h2 { font-size: 1.15rem; margin: 2rem 0 .4rem; }
.big { font-size: 1.3rem; font-weight: 600; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { padding: .35rem .5rem; text-align: right; border-bottom: 1px solid #8884; vertical-align: top; }
th:first-child, td:first-child { text-align: left; padding-left: 0; }
th { font-size: .85rem; font-weight: 600; }
code, pre { font-family: ui-monospace, monospace; font-size: .85rem; overflow-wrap: anywhere; white-space: pre-wrap; }
section { scroll-margin-top: 3rem; border-bottom: 4px double #8886; padding-bottom: 2rem; }
main:has(section:target) section:not(:target) { display: none; }
""".strip()


def page(shown: Shown) -> str:
    """The page as HTML. It follows the reader's choice of dark or light and fits the width of a phone."""
    title = " · ".join(dict.fromkeys(shown.bulletin["title"][language] for language in LANGUAGES))
    links = "".join(f'<a href="#{language}" lang="{language}">{NAMES[language]}</a>' for language in LANGUAGES)
    sections = "\n".join(_section(Teller(shown, language)) for language in LANGUAGES)
    return (
        f'<!doctype html>\n<html lang="kk">\n<head>\n<meta charset="utf-8">\n<title>{escape(title)}</title>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<style>\n{_STYLE}\n</style>\n</head>\n<body>\n<nav>{links}</nav>\n<main>\n{sections}\n</main>\n</body>\n</html>\n"
    )


def _section(say: Teller) -> str:
    told, language = say.told, say.language
    parts = [
        f"<h1>{escape(told['title'][language])}</h1>",
        f"<p>{say.says('bulletin', number=str(told['number']))} · {say.moment(told['at'])} "
        f"({escape(say.shown.timezone)})</p>",
        _paragraphs([say.says(f"stage-{told['stage']}"), say.says("final") if told["final"] else ""]),
        *_turnout(say),
        *_by_channel(say),
        *_by_region(say),
        *_result(say),
        *_incidents(say),
        *_log(say),
        *_checks(say),
    ]
    return f'<section id="{language}" lang="{language}">\n' + "\n".join(part for part in parts if part) + "\n</section>"


def _turnout(say: Teller) -> Iterable[str]:
    told = say.told
    by_phone = told["by_channel"]["telegram"] + told["by_channel"]["sms"]
    yield f"<h2>{say.says('turnout')}</h2>"
    percent = say.percent(told["voted"], told["electorate"])
    yield (
        '<p class="big">'
        + say.says("of-roll", electorate=told["electorate"], voted=told["voted"], percent=percent)
        + "</p>"
    )
    percent = say.percent(by_phone, told["enrolled"])
    not_me = sum(row["not_me"] for row in told["reasons"])
    yield _paragraphs(
        [
            say.says("of-enrolled", enrolled=told["enrolled"], by_phone=by_phone, percent=percent),
            say.says("paper-roll", paper_roll=told["paper_roll"]) if told["paper_roll"] else "",
            say.says("roll-version", version=told["roll_version"], changes=told["roll_changes"]),
            say.says("redos", redos=told["redos"], not_me=not_me) if told["redos"] else "",
            say.says("void", void=told["void"]) if told["void"] else "",
            say.says("paper-over", paper_over=told["paper_over"]) if told["paper_over"] else "",
            "" if told["two_person"] else say.says("one-person"),
        ]
    )


def _by_channel(say: Teller) -> Iterable[str]:
    voted, by_channel = say.told["voted"], say.told["by_channel"]
    rows = [
        (say.says(channel), say.number(by_channel[channel]), say.percent(by_channel[channel], voted))
        for channel in ("telegram", "sms", "paper")
    ]
    yield f"<h2>{say.says('by-channel')}</h2>"
    yield _table([say.says(heading) for heading in ("channel", "voted", "share")], rows)


def _by_region(say: Teller) -> Iterable[str]:
    rows = [
        (
            _region(say, row["region"]),
            say.number(row["electorate"]),
            say.number(row["enrolled"]),
            say.number(row["voted"]),
            say.percent(row["voted"], row["electorate"]),
        )
        for row in say.told["by_region"]
    ]
    headings = ("region", "electorate", "enrolled", "voted", "of-electorate")
    yield f"<h2>{say.says('by-region')}</h2>"
    yield _table([say.says(heading) for heading in headings], rows)
    if say.told["merged"]:
        names = ", ".join(name or WORDS[say.language]["nowhere"] for name in say.told["merged"])
        yield _paragraphs([say.says("merged", names=names)])


def _region(say: Teller, name: str) -> str:
    if name == OTHER_REGIONS:
        return say.says("others")
    return escape(name) if name else say.says("nowhere")


def _result(say: Teller) -> Iterable[str]:
    result = say.shown.result
    if result is None:
        return
    yield f"<h2>{say.says('result')}</h2>"
    yield _paragraphs([say.says("opened", **result["totals"])])
    for contest in result["contests"]:
        yield f"<h3>{escape(contest['title'][say.language])}</h3>"
        counts = {name: contest[name] for name in ("cast", "marked", "blank", "void")}
        yield _paragraphs([say.says("of-contest", **counts)])
        rows = [
            (
                f"{line['rank']}. {escape(line['name'][say.language])}",
                say.number(line["votes"]),
                say.percent(line["votes"], contest["marked"]),
            )
            for line in contest["results"]
        ]
        yield _table([say.says(heading) for heading in ("candidate", "votes", "of-marked")], rows)


def _incidents(say: Teller) -> Iterable[str]:
    told = say.told["incidents"]
    if not told:
        return
    changes_of_the_roll = {incident["act"] for incident in told if "roll_version" in incident}
    once = [each for each in told if "roll_version" in each or each["act"] not in changes_of_the_roll]
    once.sort(key=lambda incident: (incident["at"], incident["act"]))
    yield f"<h2>{say.says('incidents')}</h2>"
    items = [f"<li>{say.moment(incident['at'])}: {_incident(say, incident)}</li>" for incident in once]
    yield "<ul>" + "".join(items) + "</ul>"


def _incident(say: Teller, incident: Mapping[str, Any]) -> str:
    if "roll_version" in incident:
        return say.says("roll-changed", version=incident["roll_version"])
    known = f"did-{incident['what']}"
    return say.says(known) if known in WORDS[say.language] else say.says("did", what=incident["what"])


def _log(say: Teller) -> Iterable[str]:
    log = say.told["log"]
    yield f"<h2>{say.says('log')}</h2>"
    yield _paragraphs([say.says("log-text", size=log["size"], waiting=sum(log["waiting"].values()))])
    yield f"<p>{say.says('root')}: <code>{escape(log['root'])}</code></p>"


def _checks(say: Teller) -> Iterable[str]:
    shown, bundle = say.shown, escape(say.shown.bundle)
    folder = bundle or "./"
    yield f"<h2>{say.says('my-receipt')}</h2>"
    yield _paragraphs([say.says("my-receipt-text")])
    yield (
        "<pre>printf 'dauys receipt\\0%s' K7HM-4XTA-36PC | sha256sum\n"
        f'grep -l "cast 5438c3b82c18" {folder}log/*.txt</pre>'
    )
    yield f"<h2>{say.says('verify')}</h2>"
    yield _paragraphs([say.says("verify-text")])
    yield f"<pre>dauys verify {folder} --key {shown.public_key.hex()}</pre>"
    yield _paragraphs([say.says("key"), say.says("compare"), say.says("cannot")])
    yield f"<h2>{say.says('files')}</h2>"
    number = say.told["number"]
    yield (
        f'<p><a href="bulletins/{number}.json">{say.says("file")} {number}</a>, SHA-256 <code>{shown.digest}</code></p>'
        f'<p><a href="{bundle}manifest.json">{say.says("bundle")}</a></p>'
    )
    if number > 1:
        earlier = ", ".join(f'<a href="bulletins/{n}.json">{n}</a>' for n in range(1, number))
        yield f"<p>{say.says('earlier')}: {earlier}</p>"


def _paragraphs(texts: Sequence[str]) -> str:
    return "\n".join(f"<p>{text}</p>" for text in texts if text)


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    head = "".join(f'<th scope="col">{heading}</th>' for heading in headings)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>\n" for row in rows)
    return f'<div class="wide"><table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody></table></div>'
