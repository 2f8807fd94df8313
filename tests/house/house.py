"""The house as its own tests see it: where it stands and what is in it."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("dauys", "bot", "sms_gateway", "handlers", "election", "vault", "storage", "scheduler", "rehearsal")


def modules(*rooms: str) -> list[Path]:
    """Every module of these rooms, or of all of them."""
    return sorted(path for room in rooms or ROOMS for path in (ROOT / room).rglob("*.py"))


def named(path: Path) -> str:
    """A path as it is spoken of."""
    return str(path.relative_to(ROOT))
