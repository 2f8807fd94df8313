"""The Telegram door, put together. Importing this brings aiogram: seconds."""

from bot.door import DoorError, PublicAddress, TelegramDoor
from dauys.metrics import Counted
from dauys.settings import Settings
from election.errors import OperatorRefusal


def telegram_door(settings: Settings, desk: Counted) -> TelegramDoor:
    """The door to all bots of BOT_TOKEN. Raises OperatorRefusal for a token or secret that cannot be one."""
    public = None
    if settings.base_url:
        public = PublicAddress(settings.base_url, settings.WEBHOOK_SECRET.get_secret_value())
    try:
        return TelegramDoor(settings.tokens, desk, api_base=settings.TELEGRAM_API_BASE.rstrip("/"), public=public)
    except DoorError as error:
        raise OperatorRefusal("bad_setting", str(error)) from None
