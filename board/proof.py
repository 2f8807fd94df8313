"""In words: what a bundle that is in order proves, and what no bundle can."""

from board.checks.log import LogReading
from board.checks.papers import Papers

CANNOT = (
    "that what a member tapped is what was sealed: no proof of that leaves the server;",
    "that each vote was cast by the member herself, unwatched and unpaid: a phone is not a person. The notice after"
    " every vote, voting again and paper stand against it;",
    "who is on the roll: only that the roll is the one that was fixed, and every change of it told;",
    "that nobody voted in the name of a member who did not: she is told by SMS, and her complaint is the proof;",
    "what is in the sealed ballots: accredited auditors count the urn again; here only sums are checked;",
    "that others see the same bulletins: compare yours with theirs, and keep each one;",
    "secrecy: what the server, Telegram or a carrier saw in passing leaves no trace here.",
)
"""What it cannot prove."""


def what_is_proved(papers: Papers, log: LogReading, *, key_given: bool, kept: int) -> tuple[str, ...]:
    """Sentences that hold if every check is in order."""
    last = papers.last
    waiting = sum(last.waiting.values())
    proved = [
        f"Bulletins 1 to {last.number} were signed by one key, each names the one before, and none has changed since.",
        f"The log has {log.size} leaves. Nothing was taken out of it or changed between bulletins, only added.",
        f"{log.standing} ballots stand in it, and bulletin {last.number} tells {last.by_phone} votes by phone of"
        f" {last.electorate} members on roll version {last.roll_version}."
        + (f" {waiting} leaves still wait to be put into the log." if waiting else ""),
        "Every ballot that no longer stands was cast again, withdrawn or replaced by paper, and is counted as such.",
    ]
    if papers.result is not None:
        proved.append(
            f"The result counts {papers.result.cast} ballots, as many as stand in the log; sums and ranks are right."
        )
    if not key_given:
        proved.append("All this only if the key is the right one: it was taken from the bundle. Compare it.")
    if kept:
        proved.append(f"You were shown the same {kept} bulletins before.")
    return tuple(proved)
