"""Several processes that send: one outbox, one pace in a store that they share, a carrier on a bad day."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from dauys.pacing import SharedBuckets
from sms_gateway.pace import Pace
from sms_gateway.sending import MISCONFIGURED_SECONDS, Sender
from sms_gateway.twilio_client import Carrier
from storage.fleeting.file_twin import FileTwin
from storage.fleeting.redis_store import RedisStore

TOO_FAST = (429, {"code": 20429}, {"Retry-After": "40"})
UNTRUSTED = (401, {"code": 20003}, {})

Started = Callable[[float], Sender]


@pytest.fixture(params=["file", "redis"])
async def stores(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Callable[[], Any]]:
    """Opens the same store, each time as another process would."""
    url = request.getfixturevalue("redis_url") if request.param == "redis" else ""
    async with AsyncExitStack() as opened:

        def open_again() -> Any:
            if url:
                store = RedisStore(url)
                opened.push_async_callback(store.close)
                return store
            return opened.enter_context(FileTwin(tmp_path / "fleeting"))

        yield open_again


@pytest.fixture
def started(letters: Any, carrier: Carrier, clock: Any, stores: Callable[[], Any]) -> Started:
    """Starts one more process that sends."""

    def start(segments_per_second: float) -> Sender:
        pace = Pace(segments_per_second, SharedBuckets(stores(), clock), "sms:+77000000000")
        return Sender(letters.outbox, carrier, letters.open, clock, pace=pace, at_once=100)

    return start


async def test_two_senders_keep_to_one_pace_in_segments(started: Started, letters: Any, clock: Any) -> None:
    one, two = started(4), started(4)
    for _ in range(20):
        await letters.put("ж" * 70)
    assert await one.run_once(clock.now) == {"sent": 4}
    assert await two.run_once(clock.now) == {}
    assert await two.run_once(clock.turn(0.5)) == {"sent": 2}
    assert await one.run_once(clock.now) == {}
    assert await two.run_once(clock.turn(0.25)) == {"sent": 1}
    assert await one.run_once(clock.turn(60)) == {"sent": 4}


async def test_a_long_letter_of_one_makes_the_other_wait(started: Started, letters: Any, clock: Any) -> None:
    one, two = started(4), started(4)
    await letters.put("ж" * 67 * 9)
    assert await one.run_once(clock.now) == {"sent": 1}
    await letters.put("next")
    assert await two.run_once(clock.turn(1.25)) == {}
    assert await two.run_once(clock.turn(0.25)) == {"sent": 1}


async def test_a_sender_that_finds_nothing_takes_nothing(started: Started, letters: Any, clock: Any) -> None:
    one, two = started(4), started(4)
    for _ in range(3):
        assert await one.run_once(clock.now) == {}
    for _ in range(4):
        await letters.put("letter")
    assert await two.run_once(clock.now) == {"sent": 4}


async def test_a_pause_the_carrier_asks_of_one_is_kept_by_the_other(
    started: Started, letters: Any, twilio: Any, clock: Any
) -> None:
    one, two = started(4), started(4)
    twilio.answers = [TOO_FAST]
    await letters.put("first")
    assert await one.run_once(clock.now) == {"later": 1}
    await letters.put("code", "code", lives=600)
    assert await two.run_once(clock.turn(39)) == {}
    assert await two.run_once(clock.turn(1)) == {"sent": 2}


async def test_a_process_that_the_carrier_does_not_trust_stops_no_other(
    started: Started, letters: Any, twilio: Any, clock: Any
) -> None:
    one, two = started(4), started(4)
    twilio.answers = [UNTRUSTED]
    await letters.put("first")
    assert await one.run_once(clock.now) == {"later": 1}
    await letters.put("code", "code", lives=600)
    assert await one.run_once(clock.turn(1)) == {}
    assert await two.run_once(clock.now) == {"sent": 1}
    assert await one.run_once(clock.turn(MISCONFIGURED_SECONDS)) == {"sent": 1}


async def test_while_the_store_is_away_a_sender_goes_by_its_own_pace(
    letters: Any, carrier: Carrier, clock: Any, tmp_path: Path
) -> None:
    twin = FileTwin(tmp_path / "fleeting")
    twin.close()
    pace = Pace(4, SharedBuckets(twin, clock), "sms:+77000000000")
    sender = Sender(letters.outbox, carrier, letters.open, clock, pace=pace, at_once=100)
    for _ in range(9):
        await letters.put("letter")
    with capture_logs() as logs:
        assert await sender.run_once(clock.now) == {"sent": 4}
        assert await sender.run_once(clock.turn(0.5)) == {"sent": 2}
    assert [(entry["event"], entry["fault"]) for entry in logs] == [("sms_common_pace_away", "StoreUnavailable")]
