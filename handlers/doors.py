"""The bots at which one election is met."""


class Doors:
    """The bots that this process serves, by id, and their usernames as far as Telegram has told them."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}

    def serve(self, door: str, name: str = "") -> None:
        """This bot is served. `name` is its username without @; empty as long as it is not known."""
        self._names[door] = name

    def name(self, door: str) -> str | None:
        """The name of this bot, empty as long as it is not known; None if it is not served."""
        return self._names.get(door)

    def __bool__(self) -> bool:
        """Whether it is known at all which bots there are."""
        return bool(self._names)
