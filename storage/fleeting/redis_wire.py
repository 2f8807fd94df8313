"""The wire to Redis: what is asked while an answer is under way goes out together, in one pipeline, when it has come.

Hence one connection serves any number of askers, none waits for more than two journeys, and the busier a process is
the less each question costs it.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha1
from typing import Any

from redis.asyncio import ConnectionPool, Redis
from redis.exceptions import NoScriptError, ReadOnlyError, RedisError

from election.errors import StoreUnavailable

Word = bytes | str | int


class Script:
    """A script for Redis, sent by its name and in full only where Redis has not met it or has forgotten it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.name = sha1(text.encode(), usedforsecurity=False).hexdigest()


@dataclass(eq=False, slots=True)
class _Question:
    words: Sequence[bytes]
    script: Script | None
    answer: Any = field(default=None)
    answered: bool = field(default=False)


class Wire:
    """To be used in one event loop. It connects when first asked, and again by itself; it repeats nothing."""

    def __init__(self, pool: ConnectionPool) -> None:
        self._redis = Redis.from_pool(pool)
        self._waiting: list[_Question] = []
        self._under_way: asyncio.Event | None = None

    async def close(self) -> None:
        """Close the connection. Harmless when repeated."""
        await self._redis.aclose()

    async def ask(self, *words: Word) -> Any:
        """What Redis answers to a command. Raises StoreUnavailable if it does not, or refuses."""
        return await self._answer(_Question(_in_bytes(words), None))

    async def run(self, script: Script, key: str, *arguments: Word) -> Any:
        """What the script answers. Raises StoreUnavailable like `ask`."""
        return await self._answer(_Question(_in_bytes((1, key, *arguments)), script))

    async def _answer(self, question: _Question) -> Any:
        self._waiting.append(question)
        try:
            while not question.answered:
                if self._under_way is None:
                    await self._send_all()
                else:
                    await self._under_way.wait()
        except asyncio.CancelledError:
            if question in self._waiting:
                self._waiting.remove(question)
            raise
        if isinstance(question.answer, BaseException):
            raise StoreUnavailable from question.answer
        return question.answer

    async def _send_all(self) -> None:
        """Send all that wait and answer each, with an error if need be."""
        questions, self._waiting = self._waiting, []
        self._under_way = asyncio.Event()
        try:
            await self._converse(questions)
        except (RedisError, OSError) as error:
            _answer_those_left(questions, error)
        finally:
            _answer_those_left(questions, RedisError("cancelled"))
            self._under_way.set()
            self._under_way = None

    async def _converse(self, questions: Sequence[_Question]) -> None:
        unknown = []
        for question, answer in zip(questions, await self._exchange(questions, by_name=True), strict=True):
            if isinstance(answer, NoScriptError):
                unknown.append(question)
            else:
                question.answer, question.answered = answer, True
        if unknown:
            for question, answer in zip(unknown, await self._exchange(unknown, by_name=False), strict=True):
                question.answer, question.answered = answer, True
        if any(isinstance(question.answer, ReadOnlyError) for question in questions):
            # another one is the primary now: the next connection looks its address up again
            await self._redis.connection_pool.disconnect()

    async def _exchange(self, questions: Sequence[_Question], *, by_name: bool) -> Sequence[Any]:
        async with self._redis.pipeline(transaction=False) as pipeline:
            for question in questions:
                if question.script is None:
                    pipeline.execute_command(*question.words)
                elif by_name:
                    pipeline.execute_command("EVALSHA", question.script.name, *question.words)
                else:
                    pipeline.execute_command("EVAL", question.script.text, *question.words)
            return await pipeline.execute(raise_on_error=False)


def _in_bytes(words: Sequence[Word]) -> list[bytes]:
    """Done for each asker alone, so that words which cannot be written spoil nobody else's."""
    return [word if isinstance(word, bytes) else str(word).encode() for word in words]


def _answer_those_left(questions: Sequence[_Question], error: Exception) -> None:
    for question in questions:
        if not question.answered:
            question.answer, question.answered = error, True
