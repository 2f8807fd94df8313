"""`dauys doctor`: what is set, what is reachable, what is wrong and how to mend it."""

import asyncio
import sys
from collections.abc import Awaitable, Callable

import aiohttp

from dauys import clock, settings
from dauys.addresses import shown
from dauys.terminal import say
from dauys.wiring import open_fleeting, open_hall
from election.commission import rehearsed
from election.errors import OperatorRefusal
from vault.errors import VaultError

_SECONDS = 10


def examine() -> None:
    """One line for each thing looked at; exit code 1 if any is wrong."""
    try:
        options = settings.read()
    except OperatorRefusal as refusal:
        say(f"wrong  settings: {refusal}")
        sys.exit(1)
    findings = [
        _looked("settings", lambda: settings.must_be_able_to_serve(options)),
        _asked("store", lambda: _store(options)),
        *([_asked("redis", lambda: _redis(options))] if options.redis_url else []),
        _asked("telegram", lambda: _telegram(options)),
        _asked("carrier", lambda: _carrier(options)),
    ]
    if not options.base_url:
        say("note   WEBHOOK_BASE_URL is empty: Telegram works by long polling, SMS from members cannot reach us")
    if not all(findings):
        sys.exit(1)


def _looked(name: str, look: Callable[[], None]) -> bool:
    try:
        look()
    except (OperatorRefusal, VaultError) as refusal:
        say(f"wrong  {name}: {refusal}")
        return False
    say(f"fine   {name}")
    return True


def _asked(name: str, ask: Callable[[], Awaitable[str]]) -> bool:
    try:

        async def run() -> str:
            return await ask()

        found = asyncio.run(run())
    except (OperatorRefusal, VaultError) as refusal:
        say(f"wrong  {name}: {refusal}")
        return False
    except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
        say(f"wrong  {name}: it cannot be reached ({type(error).__name__}); look at its address and the network")
        return False
    say(f"fine   {name}: {found}")
    return True


async def _store(options: settings.Settings) -> str:
    async with open_hall(options) as hall:
        record, definition = await hall.election(clock.now())
        acts = await hall.store.office.acts("done")
        if record.stage == "draft" and record.public_key and not rehearsed(acts, record.public_key):
            say("note   nobody has opened a test ballot with the key of the box yet: dauys keys rehearse")
        where = shown(options.database_url)
        return f"{where}: election {definition.id} is {record.stage}, roll version {record.roll_version}"


async def _redis(options: settings.Settings) -> str:
    async with open_fleeting(options):
        return shown(options.redis_url)


async def _telegram(options: settings.Settings) -> str:
    if not options.tokens:
        raise OperatorRefusal("half_set", "BOT_TOKEN is empty")
    names = []
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_SECONDS)) as session:
        for token in options.tokens:
            async with session.get(f"{options.TELEGRAM_API_BASE.rstrip('/')}/bot{token}/getMe") as answer:
                told = await answer.json(content_type=None)
            if not isinstance(told, dict) or not isinstance(told.get("ok"), bool):
                raise OperatorRefusal("bad_base", "what answers at TELEGRAM_API_BASE is no Bot API server")
            if not told["ok"]:
                raise OperatorRefusal("bad_token", f"it refuses a BOT_TOKEN ({told.get('description', '')})")
            names.append(f"https://t.me/{told['result']['username']}")
    return ", ".join(names)


async def _carrier(options: settings.Settings) -> str:
    if not options.account_sid or not options.auth_token:
        raise OperatorRefusal("half_set", "TWILIO_ACCOUNT_SID or TWILIO_AUTH_TOKEN is empty")
    base = options.carrier_base or "https://api.twilio.com"
    url = f"{base}/2010-04-01/Accounts/{options.account_sid}.json"
    auth = aiohttp.encode_basic_auth(options.account_sid, options.auth_token)
    async with (
        aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_SECONDS)) as session,
        session.get(url, headers={"Authorization": auth}) as answer,
    ):
        if answer.status == 401:
            raise OperatorRefusal("bad_account", "it refuses TWILIO_ACCOUNT_SID or TWILIO_AUTH_TOKEN")
        return f"answers ({answer.status})"
