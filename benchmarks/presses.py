"""The last press of a conversation as Telegram posts it: about a kilobyte, most of it the screen pressed."""

import json
from collections.abc import Iterator

from benchmarks.election import BOT, SECRET, account

SECRET_HEADERS = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
_DATE = 1_796_115_600


def presses(press: str, first: int, count: int) -> Iterator[bytes]:
    """One press of each of these members on the button with this payload."""
    cancel = press.rpartition(".")[0] + ".chg"
    for number in range(first, first + count):
        yield json.dumps(_update(number, press, cancel), separators=(",", ":"), ensure_ascii=False).encode()


def _update(number: int, press: str, cancel: str) -> dict[str, object]:
    person = {
        "id": account(number),
        "is_bot": False,
        "first_name": "Участник",
        "last_name": str(number),
        "username": f"member_{number}",
        "language_code": "ru",
    }
    text = "Проверьте, пожалуйста\n\nПредседатель: Кандидат 1"
    message = {
        "message_id": 4,
        "from": {"id": int(BOT), "is_bot": True, "first_name": "Выборы", "username": "measured_bot"},
        "chat": {key: value for key, value in person.items() if key not in ("is_bot", "language_code")}
        | {"type": "private"},
        "date": _DATE,
        "edit_date": _DATE + 20,
        "text": text,
        "entities": [{"offset": 0, "length": 21, "type": "bold"}],
        "link_preview_options": {"is_disabled": True},
        "reply_markup": {
            "inline_keyboard": [
                [{"text": "Проголосовать", "callback_data": press}],
                [{"text": "Изменить", "callback_data": cancel}],
            ]
        },
    }
    query = {
        "id": str(4_382_000_000_000_000_000 + number),
        "from": person,
        "message": message,
        "chat_instance": "-3412345678901234567",
        "data": press,
    }
    return {"update_id": 730_000_000 + number, "callback_query": query}
