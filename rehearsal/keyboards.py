"""What may hang under a message, checked as Telegram checks it."""

from typing import Any

from rehearsal.refusals import bad_request

MAX_BUTTONS = 100
MAX_DATA = 64  # bytes of callback data


def read_markup(value: Any, *, private: bool) -> dict[str, Any] | None:
    """A reply_markup in the Bot API's form, or Refused; None where there is none."""
    if not value:
        return None
    if not isinstance(value, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" in value:
        return {"inline_keyboard": _inline(value["inline_keyboard"])}
    if "keyboard" in value:
        return {**value, "keyboard": _keys(value["keyboard"], private)}
    return value if value.get("remove_keyboard") or value.get("force_reply") else None


def is_inline(markup: dict[str, Any] | None) -> bool:
    return markup is None or "inline_keyboard" in markup


def _rows(value: Any) -> list[list[Any]]:
    if not isinstance(value, list) or not all(isinstance(row, list) for row in value):
        raise bad_request("can't parse keyboard: an array of arrays is expected")
    if sum(len(row) for row in value) > MAX_BUTTONS:
        raise bad_request("reply markup is too long")
    return [row for row in value if row]


def _inline(value: Any) -> list[list[dict[str, Any]]]:
    return [[_inline_button(button) for button in row] for row in _rows(value)]


def _inline_button(given: Any) -> dict[str, Any]:
    if not isinstance(given, dict) or not str(given.get("text") or "").strip():
        raise bad_request("inline keyboard button text must be non-empty")
    button: dict[str, Any] = {name: part for name, part in given.items() if part is not None}
    if len(button) < 2:
        raise bad_request("text buttons are unallowed in the inline keyboard")
    data = button.get("callback_data")
    if data is not None and not 1 <= len(str(data).encode()) <= MAX_DATA:
        raise bad_request("BUTTON_DATA_INVALID")
    return button


def _keys(value: Any, private: bool) -> list[list[dict[str, Any]]]:
    rows = [[{"text": key} if isinstance(key, str) else dict(key) for key in row] for row in _rows(value)]
    for key in (key for row in rows for key in row):
        if not str(key.get("text") or "").strip():
            raise bad_request("keyboard button text must be non-empty")
        if key.get("request_contact") and not private:
            raise bad_request("phone number can be requested in private chats only")
    if not rows:
        raise bad_request("reply keyboard must have at least one button")
    return rows
