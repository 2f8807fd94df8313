"""The Bot API over HTTP: /bot<token>/<method>."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

from aiohttp import web

from rehearsal import bot_settings, sending
from rehearsal.call import Call, read_call
from rehearsal.refusals import Refused
from rehearsal.telegram import Bot, Telegram

Method = Callable[[Telegram, Bot, Call], Awaitable[Any]]

METHODS: Mapping[str, Method] = {
    "getme": bot_settings.get_me,
    "getupdates": bot_settings.get_updates,
    "setwebhook": bot_settings.set_webhook,
    "deletewebhook": bot_settings.delete_webhook,
    "getwebhookinfo": bot_settings.get_webhook_info,
    "setmycommands": bot_settings.set_my_commands,
    "getmycommands": bot_settings.get_my_commands,
    "deletemycommands": bot_settings.delete_my_commands,
    "setchatmenubutton": bot_settings.set_chat_menu_button,
    "getchatmenubutton": bot_settings.get_chat_menu_button,
    "setmydescription": bot_settings.set_my_description,
    "getmydescription": bot_settings.get_my_description,
    "setmyshortdescription": bot_settings.set_my_short_description,
    "getmyshortdescription": bot_settings.get_my_short_description,
    "setmyname": bot_settings.set_my_name,
    "getchat": bot_settings.get_chat,
    "getfile": bot_settings.get_file,
    "close": bot_settings.leave,
    "logout": bot_settings.leave,
    "sendmessage": sending.send_message,
    "sendphoto": sending.send_photo,
    "senddocument": sending.send_document,
    "sendchataction": sending.send_chat_action,
    "editmessagetext": sending.edit_message_text,
    "editmessagecaption": sending.edit_message_caption,
    "editmessagereplymarkup": sending.edit_message_reply_markup,
    "deletemessage": sending.delete_message,
    "answercallbackquery": sending.answer_callback_query,
}


async def perform(telegram: Telegram, bot: Bot, call: Call, name: str = "") -> Any:
    """Run one method, by the name given or the call's own `method`. Refused as Telegram refuses."""
    method = METHODS.get((name or call.text("method")).casefold())
    if method is None:
        raise Refused(404, "Not Found: method not found")
    return await method(telegram, bot, call)


class BotApi:
    """The HTTP face of the Telegram network."""

    def __init__(self, telegram: Telegram) -> None:
        self._telegram = telegram

    def routes(self) -> list[web.RouteDef]:
        path = "/bot{token}/{method}"
        return [
            web.get(path, self._answer),
            web.post(path, self._answer),
            web.get("/file/bot{token}/files/{id}", self._download),
        ]

    async def _answer(self, request: web.Request) -> web.Response:
        name = request.match_info["method"]
        try:
            bot = self._telegram.bot(request.match_info["token"])
            if bot.push.perform is None:
                bot.push.perform = partial(perform, self._telegram, bot)
            call = await read_call(request)
            await self._bad_day(name)
            result = await perform(self._telegram, bot, call, name)
        except Refused as refused:
            return refusal(refused)
        if self._telegram.faults.hit("bot_api", "lost", name) and request.transport is not None:
            request.transport.abort()
        return web.json_response({"ok": True, "result": result})

    async def _bad_day(self, method: str) -> None:
        """The faults that strike before a call has any effect."""
        faults = self._telegram.faults
        slow = faults.hit("bot_api", "slow", method)
        if slow is not None:
            await asyncio.sleep(slow.seconds)
        many = faults.hit("bot_api", "too_many", method)
        if many is not None:
            raise Refused(429, f"Too Many Requests: retry after {many.retry_after}", many.retry_after)
        broken = faults.hit("bot_api", "server_error", method)
        if broken is not None:
            raise Refused(broken.status, "Bad Gateway" if broken.status == 502 else "Internal Server Error")

    async def _download(self, request: web.Request) -> web.Response:
        stored = self._telegram.files.get(request.match_info["id"])
        if stored is None:
            return refusal(Refused(404, "Not Found"))
        return web.Response(body=stored.body, content_type="application/octet-stream")


def refusal(refused: Refused) -> web.Response:
    """The JSON Telegram answers with when it says no."""
    body: dict[str, Any] = {"ok": False, "error_code": refused.code, "description": refused.description}
    if refused.retry_after is not None:
        body["parameters"] = {"retry_after": refused.retry_after}
    return web.json_response(body, status=refused.code)
