"""Pictures that go to many: each bot uploads one once, for all others it is named by the id that Telegram gave it."""

import asyncio
import hashlib

from bot.calls import SendMessage, SendPhoto
from bot.pace import Urgency
from bot.screens import units
from bot.sending import Outcome, Sender, Still, Upload

CAPTION_UNITS = 1024
"""The longest text that Telegram puts under a picture (Bot API, sendPhoto); a longer one goes without."""
_KEPT = 16


class Pictures:
    """The pictures of one bot."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender
        self._ids: dict[bytes, str] = {}  # by the picture's hash
        self._uploading = asyncio.Lock()

    async def send(self, message: SendMessage, picture: bytes, urgency: Urgency, still: Still | None) -> Outcome:
        """Send a message with a picture; as a plain text where Telegram will not take the picture there."""
        if units(message.text) <= CAPTION_UNITS:
            outcome = await self._with_picture(_photo(message), picture, urgency, still)
            if outcome is not Outcome.REFUSED:
                return outcome
        return await self._sender.send(message, urgency, still=still)

    async def _with_picture(self, call: SendPhoto, picture: bytes, urgency: Urgency, still: Still | None) -> Outcome:
        name = hashlib.sha256(picture).digest()
        if name not in self._ids:
            async with self._uploading:  # the others wait for the first one's id
                if name not in self._ids:
                    upload = Upload(picture)
                    outcome = await self._sender.send(call, urgency, still=still, upload=upload)
                    if upload.file_id:
                        self._ids[name] = upload.file_id
                        while len(self._ids) > _KEPT:
                            del self._ids[next(iter(self._ids))]
                    return outcome
        return await self._sender.send(_named(call, self._ids[name]), urgency, still=still)


def _photo(message: SendMessage) -> SendPhoto:
    return SendPhoto(
        chat_id=message.chat_id,
        photo="",
        caption=message.text,
        caption_entities=message.entities,
        reply_markup=message.reply_markup,
    )


def _named(call: SendPhoto, file_id: str) -> SendPhoto:
    return SendPhoto(
        chat_id=call.chat_id,
        photo=file_id,
        caption=call.caption,
        caption_entities=call.caption_entities,
        reply_markup=call.reply_markup,
    )
