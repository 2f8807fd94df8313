"""An election where the program asks for its updates. It is alone in its file: it imports aiogram twice."""

from pathlib import Path

from tests.outside.whole_election import a_whole_election


async def test_an_election_from_the_first_message_to_the_count(tmp_path: Path) -> None:
    await a_whole_election(tmp_path, webhook=False)
