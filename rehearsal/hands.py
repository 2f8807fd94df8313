"""One person's two handsets, held over HTTP."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from aiohttp import ClientSession

LOOK = 10.0  # seconds one look waits for a change


class GaveUp(Exception):
    """Why a member went away without a receipt; the message is one of a few fixed reasons."""


class Hands:
    """Looks at the screens and presses, as the page does."""

    def __init__(self, session: ClientSession, base_url: str, person: str, patience: float) -> None:
        self._session = session
        self._url = f"{base_url.rstrip('/')}/people/{quote(person, safe='')}"
        self._patience = patience

    async def look(self, since: int | None = None, wait: float = LOOK) -> dict[str, Any]:
        """Both screens now, or as soon as they differ from version `since`."""
        query = {} if since is None else {"since": str(since), "wait": str(wait)}
        async with self._session.get(self._url, params=query) as response:
            if response.status == 404:
                raise GaveUp("no such person")
            shown: dict[str, Any] = await response.json()
            return shown

    async def telegram(self, act: dict[str, Any]) -> bool:
        """Do something in the chat; False where the screen no longer offers it."""
        async with self._session.post(f"{self._url}/telegram", json=act) as response:
            return response.status == 200

    async def sms(self, text: str) -> None:
        async with self._session.post(f"{self._url}/sms", json={"text": text}) as response:
            response.raise_for_status()

    async def until(self, seen: Callable[[dict[str, Any]], bool], shown: dict[str, Any], why: str) -> dict[str, Any]:
        """Look until `seen` holds; GaveUp(why) when nothing moved for as long as one's patience lasts."""
        left = self._patience
        while not seen(shown):
            wait = min(left, LOOK)
            newer = await self.look(shown["version"], wait)
            if newer["version"] == shown["version"]:
                left -= wait
                if left <= 0:
                    raise GaveUp(why)
            shown = newer
        return shown
