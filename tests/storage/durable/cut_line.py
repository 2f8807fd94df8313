"""A line to a PostgreSQL server that breaks at the worst moment: while a vote is being committed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

_CHUNK = 65_536


class Line:
    """Passes bytes on. Told to `cut_at` a word, it breaks the connection that says it, once: before the server hears
    the word, or after it has done what was said and before its answer comes through."""

    def __init__(self, server_url: str) -> None:
        self._server = urlsplit(server_url)
        self._word = b""
        self._heard = False
        self.cuts = 0

    def cut_at(self, word: bytes, *, heard: bool) -> None:
        self._word, self._heard = word, heard

    @asynccontextmanager
    async def laid(self) -> AsyncIterator[str]:
        """The URL to reach the server by."""
        listening = await asyncio.start_server(self._pass_on, "127.0.0.1", 0)
        async with listening:
            port = listening.sockets[0].getsockname()[1]
            yield self._server._replace(netloc=f"postgres@127.0.0.1:{port}", scheme="postgresql").geturl()

    async def _pass_on(self, client: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        server, to_server = await asyncio.open_connection(self._server.hostname, self._server.port)
        try:
            async with asyncio.TaskGroup() as both:
                answers = both.create_task(_copy(server, to_client))
                while said := await client.read(_CHUNK):
                    cut = bool(self._word) and self._word in said
                    if cut:
                        self._word, self.cuts = b"", self.cuts + 1
                        answers.cancel()
                    if not cut or self._heard:
                        to_server.write(said)
                    if cut and self._heard:
                        await server.read(_CHUNK)
                    if cut:
                        break
                answers.cancel()
        except* OSError:
            pass  # either end has gone
        finally:
            to_client.close()
            to_server.close()


async def _copy(source: asyncio.StreamReader, to: asyncio.StreamWriter) -> None:
    while answer := await source.read(_CHUNK):
        to.write(answer)
    to.close()
