"""The journal: structured lines on standard error. It never holds a ballot, a code, a token or a whole phone.

Rooms log event names and counts. What slips through all the same is struck out here, in one place.
"""

import logging
import re
import sys
from collections.abc import Iterable, MutableMapping
from typing import Any

import structlog

_PHONE = re.compile(r"\+?\d[\d\s().-]{8,}\d")
_TOKEN = re.compile(r"\d{5,}:[A-Za-z0-9_-]{20,}")
_SAFE_KEYS = frozenset({"level", "timestamp"})


def keep(level: str, secrets: Iterable[str]) -> None:
    """Begin to keep the journal. `secrets` are struck out wherever they appear."""
    hidden = [secret for secret in secrets if len(secret) >= 6]

    def strike_out(_: Any, __: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        return {key: value if key in _SAFE_KEYS else _struck(value, hidden) for key, value in line.items()}

    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        strike_out,
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"])],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    _keep_the_libraries_quiet(level, hidden)


def _keep_the_libraries_quiet(level: str, hidden: list[str]) -> None:
    class Struck(logging.Formatter):
        def format(self, record: logging.LogRecord) -> str:
            # no traceback: its lines may show an argument; the place and the kind are enough to find it
            fault = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else ""
            words = f"{record.getMessage()} {fault}".strip()
            return f"{self.formatTime(record)} {record.levelname} {record.name} {_struck(words, hidden)}"

    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Struck())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(logging.WARNING, logging.getLevelNamesMapping()[level]))


def _struck(value: Any, hidden: list[str]) -> Any:
    if not isinstance(value, str):
        return value if isinstance(value, int | float | bool) or value is None else _struck(str(value), hidden)
    for secret in hidden:
        value = value.replace(secret, "…")
    return _PHONE.sub("…", _TOKEN.sub("…", value))
