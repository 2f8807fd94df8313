"""The figures of a bulletin as parts of the page: each names what it is a share of."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from html import escape
from typing import Any

from board.bars import columns, parts_bar, share_bar
from board.telling import Teller
from board.words import WORDS
from election.turnout import OTHER_REGIONS

CHANNELS = ("telegram", "sms", "paper")


def turnout(say: Teller) -> Iterable[str]:
    """How many have voted, of whom."""
    told = say.told
    percent = say.percent(told["voted"], told["electorate"])
    yield f'<p class="figure">{percent} <span>{say.says("base")}</span></p>'
    yield share_bar(told["voted"], told["electorate"])
    of_roll = say.says("of-roll", electorate=told["electorate"], voted=told["voted"], percent=percent)
    yield f'<p class="big">{of_roll}</p>'
    by_phone = told["by_channel"]["telegram"] + told["by_channel"]["sms"]
    percent = say.percent(by_phone, told["enrolled"])
    not_me = sum(row["not_me"] for row in told["reasons"])
    yield paragraphs(
        [
            _since(say),
            say.says("of-enrolled", enrolled=told["enrolled"], by_phone=by_phone, percent=percent),
            say.says("paper-roll", paper_roll=told["paper_roll"]) if told["paper_roll"] else "",
            say.says("roll-version", version=told["roll_version"], changes=told["roll_changes"]),
            say.says("redos", redos=told["redos"], not_me=not_me) if told["redos"] else "",
            say.says("void", void=told["void"]) if told["void"] else "",
            say.says("paper-over", paper_over=told["paper_over"]) if told["paper_over"] else "",
            "" if told["two_person"] else say.says("one-person"),
        ]
    )


def by_hour(say: Teller) -> Iterable[str]:
    """When they voted: a column as wide as its hours and as high as the votes an hour, so that areas are votes."""
    rows: Sequence[Mapping[str, Any]] = say.told.get("hours", [])
    if not rows:
        return
    moments = [(datetime.fromisoformat(row["from"]), datetime.fromisoformat(row["to"])) for row in rows]
    begun, whole = moments[0][0], (moments[-1][1] - moments[0][0]).total_seconds()
    hours = [max((end - start).total_seconds() / 3600, 1 / 60) for start, end in moments]
    rates = [sum(row[channel] for channel in CHANNELS) / long for row, long in zip(rows, hours, strict=True)]
    drawn = [
        (
            (start - begun).total_seconds() / whole,
            (end - start).total_seconds() / whole,
            [(channel, row[channel] / long) for channel in CHANNELS],
        )
        for row, (start, end), long in zip(rows, moments, hours, strict=True)
    ]
    busiest = rates.index(max(rates))
    when = say.span(rows[busiest]["from"], rows[busiest]["to"])
    yield f"<h2>{say.says('hours')}</h2>"
    yield paragraphs([say.says("busiest", when=when, votes=round(rates[busiest]))])
    yield columns(drawn, max(rates))
    yield _axis(say, [rows[0]["from"], rows[-1]["to"]])
    yield _legend(say)
    yield paragraphs([say.says("hours-text")], "quiet")
    lines = [
        (
            say.span(row["from"], row["to"]),
            *(say.number(row[channel]) for channel in CHANNELS),
            say.number(sum(row[channel] for channel in CHANNELS)),
        )
        for row in rows
    ]
    yield folded(say, "figures", table([say.says(key) for key in ("hour", *CHANNELS, "all")], lines))


def course(say: Teller) -> Iterable[str]:
    """The turnout at each bulletin."""
    every = [*say.shown.earlier, say.told]
    if len(every) < 2:
        return
    shares = [each["voted"] / each["electorate"] if each["electorate"] else 0.0 for each in every]
    width = 1 / len(every)
    yield f"<h2>{say.says('course')}</h2>"
    yield columns([(place * width, width, [("voted", share)]) for place, share in enumerate(shares)], max(shares))
    yield _axis(say, [every[0]["at"], every[-1]["at"]])
    yield paragraphs([say.says("course-text")], "quiet")
    lines = [
        (
            f'<a href="bulletins/{each["number"]}.json">{each["number"]}</a>',
            say.hour(each["at"]),
            say.number(each["voted"]),
            say.number(each["electorate"]),
            say.percent(each["voted"], each["electorate"]),
        )
        for each in reversed(every)
    ]
    headings = ("number", "when", "voted", "electorate", "of-electorate")
    yield folded(say, "figures", table([say.says(key) for key in headings], lines))


def by_channel(say: Teller) -> Iterable[str]:
    """By which way."""
    voted, counts = say.told["voted"], say.told["by_channel"]
    yield f"<h2>{say.says('by-channel')}</h2>"
    yield paragraphs([say.says("channel-bars", voted=voted)])
    yield parts_bar([(channel, counts[channel]) for channel in CHANNELS])
    rows = [
        (_key(say, channel), say.number(counts[channel]), say.percent(counts[channel], voted)) for channel in CHANNELS
    ]
    yield table([say.says(heading) for heading in ("channel", "voted", "share")], rows)


def by_region(say: Teller) -> Iterable[str]:
    """Where, the highest turnout first, and what is told together last."""
    told = say.told
    overall = told["voted"], told["electorate"]
    rows = sorted(
        told["by_region"],
        key=lambda row: (row["region"] == OTHER_REGIONS, -row["voted"] / max(row["electorate"], 1), row["region"]),
    )
    yield f"<h2>{say.says('by-region')}</h2>"
    yield paragraphs([say.says("region-bars", percent=say.percent(*overall))], "quiet")
    yield '<ul class="regions">' + "\n".join(_region_row(say, row, overall) for row in rows) + "</ul>"
    if told["merged"]:
        names = ", ".join(name or WORDS[say.language]["nowhere"] for name in told["merged"])
        yield paragraphs([say.says("merged", names=names)], "quiet")


def result(say: Teller) -> Iterable[str]:
    """Who was elected, once it is counted."""
    counted = say.shown.result
    if counted is None:
        return
    yield f"<h2>{say.says('result')}</h2>"
    paper = counted.get("paper", 0)
    on_paper = say.says("result-paper", paper=paper) if paper else ""
    yield paragraphs([say.says("opened", **counted["totals"]), on_paper])
    for contest in counted["contests"]:
        yield f"<h3>{escape(contest['title'][say.language])}</h3>"
        yield paragraphs(
            [
                say.says("of-contest", **{name: contest[name] for name in ("cast", "marked", "blank", "void")}),
                say.says("dropped", dropped=contest["dropped"]) if contest.get("dropped") else "",
            ]
        )
        rows = [_of_candidate(say, line, contest["marked"]) for line in contest["results"]]
        yield table([say.says(heading) for heading in ("candidate", "votes", "of-marked")], rows)


def _of_candidate(say: Teller, line: Mapping[str, Any], marked: int) -> tuple[str, str, str]:
    if "rank" not in line:
        return say.says("struck-off-line", name=line["name"][say.language]), "–", "–"
    name = f"{line['rank']}. {escape(line['name'][say.language])}{share_bar(line['votes'], marked)}"
    return name, say.number(line["votes"]), say.percent(line["votes"], marked)


def paragraphs(texts: Sequence[str], name: str = "") -> str:
    """Each text that is not empty in a paragraph of its own."""
    opening = f'<p class="{name}">' if name else "<p>"
    return "\n".join(f"{opening}{text}</p>" for text in texts if text)


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Rows of HTML text under their headings; the first cell names its row."""
    head = "".join(f'<th scope="col">{heading}</th>' for heading in headings)
    body = "".join(
        f'<tr><th scope="row">{row[0]}</th>' + "".join(f"<td>{cell}</td>" for cell in row[1:]) + "</tr>\n"
        for row in rows
    )
    return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody></table>"


def folded(say: Teller, key: str, inside: str) -> str:
    """What is shown when it is asked for."""
    return f"<details><summary>{say.says(key)}</summary>\n{inside}\n</details>"


def _since(say: Teller) -> str:
    if not say.shown.earlier:
        return ""
    before = say.shown.earlier[-1]
    return say.says("since", number=str(before["number"]), change=say.change(say.told["voted"] - before["voted"]))


def _region_row(say: Teller, row: Mapping[str, Any], overall: tuple[int, int]) -> str:
    counts = {name: row[name] for name in ("electorate", "voted")}
    return (
        f'<li><span class="name">{_region(say, row["region"])}</span> '
        f"<b>{say.percent(row['voted'], row['electorate'])}</b>"
        f"{share_bar(row['voted'], row['electorate'], overall)}"
        f"<small>{say.says('region-line', **counts)}</small></li>"
    )


def _region(say: Teller, name: str) -> str:
    if name == OTHER_REGIONS:
        return say.says("others")
    return escape(name) if name else say.says("nowhere")


def _key(say: Teller, channel: str) -> str:
    """The colour of a channel and its name."""
    return f'<span class="channel"><span class="key {channel}"></span>{say.says(channel)}</span>'


def _legend(say: Teller) -> str:
    return '<p class="legend">' + " ".join(_key(say, channel) for channel in CHANNELS) + "</p>"


def _axis(say: Teller, moments: Sequence[str]) -> str:
    return '<p class="axis">' + "".join(f"<span>{say.hour(moment)}</span>" for moment in moments) + "</p>"
