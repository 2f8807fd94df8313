"""The lines at the top of the page: where the election stands, as whoever runs the demo tells it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from rehearsal.bell import Bell

MAX_LINES = 12
Words = str | dict[str, str]


class Scoreboard:
    """A few lines of text, a link or two and a share of 0..1; pages that watch are woken at each change."""

    def __init__(self) -> None:
        self.version = 0
        self.closing = False
        self._lines: list[Words] = []
        self._links: list[dict[str, Words]] = []
        self._share: float | None = None
        self._watchers: list[Bell] = []

    def show(self, given: Mapping[str, Any]) -> None:
        """Take {"lines": [...], "links": [{"text", "url"}], "share": 0.73}; ValueError where it is not so.

        A line and a link's text are a string, or one per language: {"en", "ru", "kk"}.
        """
        lines = given.get("lines", [])
        if not isinstance(lines, list):
            raise ValueError("lines is a list of texts")
        self._lines = [_words(line) for line in lines[:MAX_LINES]]
        self._links = [
            {"text": _words(link["text"]), "url": str(link["url"])}
            for link in given.get("links", [])
            if str(link["url"]).startswith(("http://", "https://", "/"))
        ]
        share = given.get("share")
        self._share = None if share is None else min(1.0, max(0.0, float(share)))
        self._changed()

    def close(self) -> None:
        """Send the watchers home: the box closes."""
        self.closing = True
        self._changed()

    def as_json(self) -> dict[str, Any]:
        return {"lines": self._lines, "links": self._links, "share": self._share}

    @contextmanager
    def watched_by(self, bell: Bell) -> Iterator[None]:
        """Ring `bell` at each change while the block runs."""
        self._watchers.append(bell)
        try:
            yield
        finally:
            self._watchers.remove(bell)

    def _changed(self) -> None:
        self.version += 1
        for bell in self._watchers:
            bell.ring()


def _words(given: Any) -> Words:
    if isinstance(given, dict):
        return {str(language): str(text) for language, text in given.items()}
    return str(given)
