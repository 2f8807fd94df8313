"""The findings of `dauys roll check` on the terminal: what was found, how much of it, and what it may be."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from dauys.terminal import say, table

_Shown = tuple[str, Sequence[str], Sequence[Sequence[object]], str]
_WHY = {
    "none": "without a phone",
    "invalid": "with one that cannot be read",
    "landline": "with a fixed line",
    "shared": "that share one",
    "gone": "with a number that is gone",
}


def say_findings(found: Mapping[str, Any]) -> None:
    """A table for each kind of finding, with a remark; or that there is nothing."""
    tables = [*_tables(found)]
    say(f"Roll version {found['roll_version']}: {found['members']} members.")
    for title, headings, rows, remark in tables:
        say()
        table(title, headings, rows)
        say(remark)
    if not tables:
        say("Nothing to look at.")


def _tables(found: Mapping[str, Any]) -> Iterator[_Shown]:
    shared, consecutive, late, paper = (found[name] for name in ("shared", "consecutive", "late", "paper_only"))
    if shared["phones"]:
        yield (
            f"Shared phones: {shared['phones']}, of {shared['members']} members",
            ("phone", "members", "where", "member ids"),
            [(each["phone"], each["members"], *_who_shown(each)) for each in shared["largest"]],
            "They are held back. Often a family; or a phone that somebody has put in for others.",
        )
    if consecutive["runs"]:
        yield (
            f"Phones in a row: {consecutive['runs']} runs, {consecutive['phones']} phones",
            ("from", "to", "phones", "where", "member ids"),
            [(each["first"], each["last"], each["phones"], *_who_shown(each)) for each in consecutive["longest"]],
            "An employer or a school that bought for its people, a family, a village; or cards bought in bulk.",
        )
    if any(version["more"] for version in late["versions"]):
        yield (
            "Versions of the roll",
            ("version", "members", "more than before"),
            [(each["version"], each["members"], each["more"]) for each in late["versions"]],
            "Who came with the last file, and why so late?",
        )
    if late["changes"]:
        yield (
            f"Changes since the freeze: {len(late['changes'])}",
            ("version", "at", "what", "by", "reason"),
            [
                (each["version"], each["at"], each["what"], " and ".join(dict.fromkeys(each["by"])), each["reason"])
                for each in late["changes"]
            ],
            "Each stands in the bulletins by its number.",
        )
    if found["grown"]:
        yield (
            "Branches that grew by ten members and a tenth, or more",
            ("branch", "members", "in the version before", "in the first one"),
            [(each["branch"], each["members"], each["before"], each["at_first"]) for each in found["grown"]],
            "New members of a campaign, a branch that took in another one; or members made up.",
        )
    if paper["members"]:
        why = ", ".join(f"{count} {_WHY[name]}" for name, count in paper["why"].items())
        yield (
            f"No code can reach them, paper only: {paper['members']}",
            ("branch", "members", "paper only"),
            [(each["branch"], each["members"], each["paper_only"]) for each in paper["branches"]],
            f"{why}. Is there a station for each of these branches?",
        )
    if found["no_contest"]:
        yield (
            f"Nothing to vote in: {sum(each['members'] for each in found['no_contest'])} members",
            ("branch", "members"),
            [(each["branch"], each["members"]) for each in found["no_contest"]],
            "No contest of the election file is for them. A region spelt in two ways?",
        )


def _who_shown(each: Mapping[str, Any]) -> tuple[str, str]:
    where = ", ".join(f"{branch} ({count})" for branch, count in each["branches"].items())
    return where, ", ".join(each["member_ids"])
