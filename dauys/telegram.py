"""The Telegram door, put together."""

from bot.door import DoorError, PublicAddress, TelegramDoor
from dauys.metrics import Counted
from dauys.pacing import SharedBuckets
from dauys.settings import Settings
from election.errors import OperatorRefusal
from handlers.doors import Doors


def telegram_door(
    settings: Settings, desk: Counted, doors: Doors, buckets: SharedBuckets, *, hears: bool
) -> TelegramDoor:
    """The door to all bots of BOT_TOKEN; they are written into `doors`, and `buckets` hold the pace that all processes
    share; `hears`: see TelegramDoor. Raises OperatorRefusal for a token or secret that cannot be one."""
    public = None
    if settings.base_url:
        public = PublicAddress(settings.base_url, settings.WEBHOOK_SECRET.get_secret_value())
    try:
        return TelegramDoor(
            settings.tokens,
            desk,
            api_base=settings.TELEGRAM_API_BASE.rstrip("/"),
            public=public,
            buckets=buckets,
            doors=doors,
            hears=hears,
            per_second=settings.TELEGRAM_PER_SECOND,
        )
    except DoorError as error:
        raise OperatorRefusal("bad_setting", str(error)) from None
