"""How Telegram says no."""


class Refused(Exception):
    """A Bot API call that failed: the HTTP status, Telegram's description, and when to try again."""

    def __init__(self, code: int, description: str, retry_after: int | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.retry_after = retry_after


def bad_request(what: str) -> Refused:
    """400 with Telegram's usual opening."""
    return Refused(400, f"Bad Request: {what}")
