"""Why an SMS was not sent: a closed list.

Each says whether it is known that nothing was sent, so that another try cannot make two of one. No error
keeps the carrier's words: they quote the number.
"""

from typing import ClassVar


class SendError(Exception):
    """The carrier did not accept it, or we do not know. `carrier_code` is Twilio's number, 0 if it gave
    none."""

    code: ClassVar[str]
    retryable: ClassVar[bool]

    def __init__(self, carrier_code: int = 0) -> None:
        super().__init__(self.code)
        self.carrier_code = carrier_code


class NotSent(SendError):
    """The carrier was not reached; no byte of the message left us."""

    code = "not_sent"
    retryable = True


class Throttled(SendError):
    """We are too fast for the carrier. Nothing more should be sent for `retry_after` seconds."""

    code = "throttled"
    retryable = True

    def __init__(self, carrier_code: int = 0, retry_after: float = 1.0) -> None:
        super().__init__(carrier_code)
        self.retry_after = retry_after


class QueueFull(Throttled):
    """The carrier's queue for our number is full: slow down for a good while."""

    code = "queue_full"


class Misconfigured(SendError):
    """The carrier accepts nothing from this account, key or sender: the operator must mend it. Nothing was
    sent."""

    code = "misconfigured"
    retryable = True


class Refused(SendError):
    """The carrier will not send this message to this number, today or tomorrow."""

    code = "refused"
    retryable = False


class OutcomeUnknown(SendError):
    """The request may have reached the carrier, no readable answer came. A second try may make a second
    SMS."""

    code = "outcome_unknown"
    retryable = False


DEFAULT_RETRY_AFTER = 5.0
"""Seconds to keep still where a 429 does not say."""
QUEUE_PAUSE = 60.0
_LONGEST_PAUSE = 600.0

_QUEUE_FULL = frozenset({21611, 30001})
_MISCONFIGURED = frozenset(
    {
        20003,  # authentication
        20005,  # account not active
        20404,  # no such account, or a wrong TWILIO_API_BASE
        21212,  # From is not a number
        21603,  # From is missing
        21606,  # From is not ours, or cannot send SMS
        21609,  # the status callback is not a URL it accepts
        21659,  # From is not a Twilio number
        21660,  # From belongs to another account
        21701,  # no such messaging service
        21703,  # the messaging service has no numbers
        21705,  # the messaging service's SID is not one
    }
)


def refusal(status: int, carrier_code: int, retry_after: str = "") -> SendError:
    """What an HTTP answer of 300 and more to a send means: by Twilio's code, else by the status.

    A 5xx may come from behind the point where the message was taken in, hence OutcomeUnknown.
    """
    if carrier_code in _QUEUE_FULL:
        return QueueFull(carrier_code, QUEUE_PAUSE)
    if status == 429:
        return Throttled(carrier_code, _pause(retry_after))
    if carrier_code in _MISCONFIGURED or status in (401, 404) or status < 400:
        return Misconfigured(carrier_code)
    if status == 403 and carrier_code in (0, 403, 20403):
        return Misconfigured(carrier_code)
    return OutcomeUnknown(carrier_code) if status >= 500 else Refused(carrier_code)


def _pause(retry_after: str) -> float:
    """Seconds of a Retry-After header; a date or nonsense is read as the default."""
    asked = float(retry_after) if retry_after.isdecimal() and retry_after.isascii() else DEFAULT_RETRY_AFTER
    return min(asked, _LONGEST_PAUSE)
