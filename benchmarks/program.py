"""The program itself, served for a measurement."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from benchmarks.election import BOT, Place
from benchmarks.process import Running, answers, free_port, python, serving


@asynccontextmanager
async def dauys(
    place: Place,
    telegram: str,
    *,
    role: str = "bot",
    core: int | None = None,
    port: int = 0,
    settings: Mapping[str, str] | None = None,
) -> AsyncIterator[tuple[str, Running]]:
    """`dauys run` on an election, with these settings over the usual ones: the address of its webhook, and its
    process."""
    port = port or free_port()
    command = python("dauys", "run", "--role", role)
    async with serving(
        command,
        lambda: answers(f"http://127.0.0.1:{port}/readyz"),
        log=place.folder / f"dauys-{port}.log",
        core=core,
        environment={**place.environment(telegram=telegram, port=port), **(settings or {})},
        folder=place.folder,
    ) as running:
        yield f"http://127.0.0.1:{port}/telegram/{BOT}", running
