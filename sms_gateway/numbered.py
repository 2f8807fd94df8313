"""Reply -> SMS texts: heading, text, options as `1 Name`, what to answer. No buttons that have no word.

A long ballot goes in parts that make sense alone: each begins with the heading and `(2/4)`, no option is cut,
what to answer stands in the last. Signs of our own are GSM-7: an English text stays in the cheaper alphabet.
"""

from collections.abc import Iterator, Sequence
from itertools import chain

from handlers.speech import Action, Reply
from sms_gateway.segments import segments

USUAL_SEGMENTS = 5
"""A part has at most so many segments, unless there would be too many parts."""
MOST_PARTS = 10
"""Twilio sends at most 10 messages in answer to one (its error 14109)."""

_MOST_SEGMENTS = 23
_MOST_UNITS = 1600  # Twilio's limit for one message, in UTF-16 units (its errors 14103 and 21617)
_HEADING_WIDTH = 120
_LABEL_WIDTHS = (1000, 60, 30)  # names are shortened only where ten messages of 1,600 units are not enough
_WIDEST_MARK = f"({MOST_PARTS}/{MOST_PARTS})"
_UNSENDABLE = {code: None for code in (*range(0x20), 0x7F, *range(0xD800, 0xE000), 0xFFFE, 0xFFFF) if code != 0x0A}
"""What TwiML (XML 1.0) cannot carry or a phone cannot show."""


def conversation(replies: Sequence[Reply]) -> list[str]:
    """The texts of all replies to one message, in order; at most ten in all."""
    texts: list[str] = []
    for left, reply in zip(range(len(replies) - 1, -1, -1), replies, strict=True):
        texts += numbered(reply, most_parts=max(1, MOST_PARTS - len(texts) - left))
    return texts[:MOST_PARTS]


def numbered(reply: Reply, usual_segments: int = USUAL_SEGMENTS, most_parts: int = MOST_PARTS) -> list[str]:
    """The texts of one reply, in order, at most `most_parts`; none if there is nothing to say by SMS.

    A part has at most `usual_segments`, or as many more as it takes to stay within `most_parts`.
    """
    parts: list[str] = []
    for width in _LABEL_WIDTHS:
        heading, blocks = _heading(reply), _blocks(reply, width)
        whole = "\n".join(filter(None, (heading, *blocks)))
        if _fits(whole, usual_segments):
            return [whole] if whole else []
        for limit in (*range(usual_segments, _MOST_SEGMENTS, 3), _MOST_SEGMENTS):
            parts = _packed(heading, blocks, limit)
            if len(parts) <= most_parts:
                return _marked(heading, parts)
    return _marked(heading, [*parts[: most_parts - 1], parts[-1]])


def _heading(reply: Reply) -> str:
    return _clipped(_one_line(reply.heading), _HEADING_WIDTH)


def _blocks(reply: Reply, label_width: int) -> list[str]:
    """What may not be torn apart: a line of the text, an option, and all of what to answer."""
    lines = _clean(reply.text or reply.toast).split("\n")
    options = (
        f"{option.number}{' *' if option.ticked else ''} {_clipped(_one_line(option.label), label_width)}"
        for option in reply.options
    )
    words = (_worded(action) for action in reply.actions if action.word)
    answer = "\n".join(filter(None, (*words, _clean(reply.footer))))
    return [block for block in (*lines, *options, answer) if block.strip()]


def _worded(action: Action) -> str:
    """A number to send stands like an option; a word is set off from what it does."""
    word, label = _one_line(action.word), _one_line(action.label)
    return f"{word} {label}" if word.isdigit() else f"{word} - {label}"


def _packed(heading: str, blocks: Sequence[str], limit: int) -> list[str]:
    """The blocks in order, as many to a part as fit below the heading; the parts have no heading yet."""
    head = _headed(heading, _WIDEST_MARK)
    parts: list[str] = []
    for piece in chain.from_iterable(_pieces(head, block, limit) for block in blocks):
        if parts and _fits(f"{head}\n{parts[-1]}\n{piece}", limit):
            parts[-1] += "\n" + piece
        else:
            parts.append(piece)
    return parts


def _pieces(head: str, block: str, limit: int) -> Iterator[str]:
    """The block itself; or, too long for a part of its own, its pieces: cut at a line end, a space, or
    anywhere."""
    while not _fits(f"{head}\n{block}", limit):
        low, high = 1, min(len(block) - 1, _MOST_UNITS)
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if _fits(f"{head}\n{block[:middle]}", limit) else (low, middle - 1)
        cut = max(block.rfind("\n", 1, low + 1), 0) or max(block.rfind(" ", 1, low + 1), 0) or low
        yield block[:cut].rstrip()
        block = block[cut:].lstrip()
    yield block


def _marked(heading: str, parts: Sequence[str]) -> list[str]:
    return [f"{_headed(heading, f'({n}/{len(parts)})')}\n{part}" for n, part in enumerate(parts, 1)]


def _headed(heading: str, mark: str) -> str:
    return f"{heading} {mark}".strip()


def _fits(text: str, limit: int) -> bool:
    if len(text) > _MOST_UNITS or len(text.encode("utf-16-le")) > 2 * _MOST_UNITS:
        return False
    return segments(text) <= limit


def _clean(text: str) -> str:
    return text.translate(_UNSENDABLE).strip()


def _one_line(text: str) -> str:
    return " ".join(_clean(text).split())


def _clipped(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 3].rstrip() + "..."
