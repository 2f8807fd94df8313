"""Bars as inline SVG: they stretch to any width, and need neither a script nor a style of their own.

They are for the eye. Whatever a bar shows stands beside it in figures, for those who hear the page.
"""

from collections.abc import Sequence

_WIDE = 1000


def share_bar(part: int, whole: int, mark: tuple[int, int] | None = None) -> str:
    """How much of the whole; `mark` is another part and whole to hold it against, a thin line."""
    rects = [_rect("trough", 0, _WIDE), _rect("voted", 0, _scaled(part, whole))]
    if mark is not None:
        rects.append(_rect("mark", min(_scaled(*mark), _WIDE - 4), 4))
    return _svg("bar", 10, rects)


def parts_bar(parts: Sequence[tuple[str, int]]) -> str:
    """A whole cut into named parts."""
    whole, rects, sofar = sum(number for _, number in parts), [_rect("trough", 0, _WIDE)], 0
    for name, number in parts:
        start, end = _scaled(sofar, whole), _scaled(sofar + number, whole)
        if end > start:
            rects.append(_rect(name, start, end - start))
        sofar += number
    return _svg("bar thick", 10, rects)


def columns(heights: Sequence[tuple[float, float, Sequence[tuple[str, float]]]], highest: float) -> str:
    """Columns between 0 and 1 from left to right: where each begins, how wide it is, and its named parts from the
    bottom up, which add up to `highest` at most."""
    tall = 400
    rects = []
    for start, width, parts in heights:
        left, right, sofar = round(start * _WIDE), round((start + width) * _WIDE), 0.0
        for name, height in parts:
            low, high = (round(tall * level / highest) if highest else 0 for level in (sofar, sofar + height))
            if high > low:
                rects.append(
                    f'<rect class="{name}" x="{left}" y="{tall - high}" width="{right - left}" height="{high - low}"/>'
                )
            sofar += height
    return _svg("columns", tall, rects)


def _scaled(part: int, whole: int) -> int:
    return min(round(_WIDE * part / whole), _WIDE) if whole else 0


def _rect(name: str, start: int, width: int) -> str:
    return f'<rect class="{name}" x="{start}" width="{width}" height="10"/>'


def _svg(name: str, tall: int, rects: Sequence[str]) -> str:
    return (
        f'<svg class="{name}" viewBox="0 0 {_WIDE} {tall}" preserveAspectRatio="none" aria-hidden="true" '
        f'focusable="false">{"".join(rects)}</svg>'
    )
