"""The board's own process: it shows a folder and opens neither the database nor Redis, so watching cannot touch voting.

Nothing that could open them is even imported here; a contract in pyproject.toml holds it.
"""

from contextlib import AsyncExitStack

from board import window
from dauys import listening, metrics
from dauys.roles import Role
from dauys.settings import Settings

_IDLE_SECONDS = 75
"""Longer than the page waits between two questions."""


def serve(settings: Settings, role: Role) -> None:
    """See listening."""
    listening.serve(_begin, settings, role)


async def _begin(stack: AsyncExitStack, settings: Settings, role: Role) -> None:
    window.admit_many()
    routes = window.routes(settings.BOARD_DIR)
    await stack.enter_async_context(
        listening.listening(settings, routes, listening.healthy, shared=True, idle_seconds=_IDLE_SECONDS)
    )
    stack.enter_context(metrics.shown(settings.METRICS_PORT))
