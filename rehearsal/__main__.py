"""python -m rehearsal: the box as a process of its own."""

import argparse
import asyncio
import contextlib
import json
import secrets
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rehearsal.box import ACCOUNT_SID, AUTH_TOKEN, NUMBER
from rehearsal.carrier import Account
from rehearsal.server import running


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until interrupted; exit code 2 for wrong usage."""
    options = _options().parse_args(arguments)
    try:
        people = _people(options.members)
        asyncio.run(_serve(options, people))
    except (OSError, ValueError) as error:
        sys.stderr.write(f"rehearsal: {error}\n")
        return 1
    return 0


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m rehearsal", description="A Telegram and a phone network in a box, on loopback."
    )
    parser.add_argument("--port", type=int, required=True, help="where to listen; 0: any free port")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    parser.add_argument("--members", type=Path, metavar="FILE", help="a JSON list of {name, phone, …}")
    parser.add_argument("--token", action="append", default=[], help="a bot's token; without it any will do")
    parser.add_argument("--account-sid", default=ACCOUNT_SID, help="the carrier account")
    parser.add_argument("--auth-token", default=AUTH_TOKEN, help="its auth token, which signs webhooks")
    parser.add_argument("--number", default=NUMBER, help="the number members write to")
    parser.add_argument("--inbound-url", default="", help="where messages to that number are posted")
    return parser


def _people(file: Path | None) -> list[dict[str, Any]]:
    if file is None:
        return []
    records = json.loads(file.read_text(encoding="utf-8"))
    if not isinstance(records, list):
        raise ValueError(f"{file.name}: a list of people is expected")
    return records


async def _serve(options: argparse.Namespace, people: list[dict[str, Any]]) -> None:
    account = Account(options.account_sid, options.auth_token, options.number, options.inbound_url)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # not every system hands signals to a loop
            loop.add_signal_handler(sign, stop.set)
    async with running(
        host=options.host,
        port=options.port,
        clock=time.time,
        rng=secrets.SystemRandom(),
        people=people,
        tokens=options.token,
        account=account,
    ) as box:
        sys.stdout.write(f"rehearsal: {box.url}\n")
        sys.stdout.flush()
        await stop.wait()


if __name__ == "__main__":
    sys.exit(main())
