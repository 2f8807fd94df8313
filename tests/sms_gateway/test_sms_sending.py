"""Letters on their way: the real outbox in a file, the real client, a carrier on a bad day."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from structlog.testing import capture_logs

from sms_gateway.pace import Pace
from sms_gateway.sending import DOUBTFUL_WAITS, MISCONFIGURED_SECONDS, STRANDED_SECONDS, WAITS, Sender
from sms_gateway.twilio_client import Carrier

ACCOUNT = "AC" + "0" * 32
PHONE = "+77011234567"
SERVER_ERROR = (500, {"code": 20500}, {})
TOO_FAST = (429, {"code": 20429}, {"Retry-After": "40"})
BAD_NUMBER = (400, {"code": 21211, "message": f"{PHONE} is not valid"}, {})
UNTRUSTED = (401, {"code": 20003}, {})


@pytest.fixture
def sender(letters: Any, carrier: Carrier, clock: Any) -> Sender:
    return Sender(letters.outbox, carrier, letters.open, clock, status_callback="https://vote.test/sms/status")


def bodies(twilio: Any) -> list[str]:
    return [form["Body"] for form in twilio.received]


async def test_letters_are_sent_and_kept_as_sent(sender: Sender, letters: Any, twilio: Any, clock: Any) -> None:
    await letters.put("Дауыс берілді.")
    assert await sender.run_once(clock.now) == {"sent": 1}
    assert await sender.run_once(clock.turn(60)) == {}
    assert twilio.received == [
        {
            "To": PHONE,
            "From": "+77000000000",
            "Body": "Дауыс берілді.",
            "StatusCallback": "https://vote.test/sms/status",
        }
    ]
    assert await letters.outbox.delivered(f"SM{1:032x}", "delivered", clock.now)
    assert await letters.outbox.counts() == {"delivered": 1}


async def test_codes_go_before_notices(letters: Any, carrier: Carrier, twilio: Any, clock: Any) -> None:
    sender = Sender(letters.outbox, carrier, letters.open, clock, at_once=1)
    for n in range(3):
        await letters.put(f"notice {n}")
    await letters.put("code", "code", lives=600)
    while await sender.run_once(clock.turn(1)):
        pass
    assert bodies(twilio) == ["code", "notice 0", "notice 1", "notice 2"]


# What the carrier does first; what becomes of a code, of a notice; how many times each reached the carrier.
FATES = [
    ("accepted", None, "sent", "sent", 1, 1),
    ("too fast", TOO_FAST, "later", "later", 2, 2),
    ("queue full", (429, {"code": 21611}, {}), "later", "later", 2, 2),
    ("not trusted", UNTRUSTED, "later", "later", 2, 2),
    ("bad number", BAD_NUMBER, "failed", "failed", 1, 1),
    ("unsubscribed", (400, {"code": 21610}, {}), "failed", "failed", 1, 1),
    ("server error", SERVER_ERROR, "unknown", "later", 1, 2),
    ("no answer in time", "hang", "unknown", "later", 1, 2),
    ("connection cut", "cut", "unknown", "later", 1, 2),
    ("unreadable answer", "garbage", "unknown", "later", 1, 2),
]


@pytest.mark.parametrize(
    ("answer", "code", "notice", "codes", "notices"), [f[1:] for f in FATES], ids=[f[0] for f in FATES]
)
@pytest.mark.parametrize("kind", ["code", "notice"])
async def test_only_what_is_known_not_to_be_sent_is_sent_again_but_a_notice_in_doubt_is(
    sender: Sender,
    letters: Any,
    twilio: Any,
    clock: Any,
    kind: str,
    answer: Any,
    code: str,
    notice: str,
    codes: int,
    notices: int,
) -> None:
    await letters.put("letter", kind, lives=600)
    twilio.answers = [answer] if answer else []
    fate, times = (code, codes) if kind == "code" else (notice, notices)
    assert await sender.run_once(clock.now) == {fate: 1}
    assert await sender.run_once(clock.now) == {}, "not at once"
    again = {"sent": 1} if fate == "later" else {}
    assert await sender.run_once(clock.turn(120)) == again
    assert bodies(twilio) == ["letter"] * times
    assert await letters.outbox.counts() == {"sent" if again else fate: 1}


async def test_a_carrier_out_of_reach_is_tried_later_and_later(letters: Any, clock: Any) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
        async with Carrier(ACCOUNT, "x", sender="+77000000000", api_base=url) as carrier:
            sender = Sender(letters.outbox, carrier, letters.open, clock)
            await letters.put("notice")
            for wait in (*WAITS, WAITS[-1]):
                assert await sender.run_once(clock.now) == {"later": 1}
                assert await sender.run_once(clock.turn(wait - 1)) == {}
                clock.turn(1)
    assert await letters.outbox.counts() == {"waiting": 1}


async def test_a_notice_in_doubt_is_sent_three_times_at_most(
    sender: Sender, letters: Any, twilio: Any, clock: Any
) -> None:
    twilio.answers = [SERVER_ERROR] * 9
    await letters.put("notice")
    assert await sender.run_once(clock.now) == {"later": 1}
    assert await sender.run_once(clock.turn(DOUBTFUL_WAITS[0])) == {"later": 1}
    assert await sender.run_once(clock.turn(DOUBTFUL_WAITS[1])) == {"unknown": 1}
    assert await sender.run_once(clock.turn(3600)) == {}
    assert len(twilio.received) == 3


async def test_retry_after_holds_everybody_back(sender: Sender, letters: Any, twilio: Any, clock: Any) -> None:
    twilio.answers = [TOO_FAST]
    await letters.put("first")
    assert await sender.run_once(clock.now) == {"later": 1}
    await letters.put("second", "code", lives=600)
    assert await sender.run_once(clock.turn(39)) == {}
    assert await sender.run_once(clock.turn(1)) == {"sent": 2}


async def test_a_code_past_its_time_is_never_sent(sender: Sender, letters: Any, twilio: Any, clock: Any) -> None:
    await letters.put("code", "code", lives=600)
    clock.turn(600)
    await sender.run_once(clock.now)
    assert twilio.received == []
    assert await letters.outbox.counts() == {"too_old": 1}


async def test_a_code_that_grows_old_after_the_claim_is_not_sent(
    letters: Any, carrier: Carrier, twilio: Any, clock: Any
) -> None:
    await letters.put("code", "code", lives=600)
    sender = Sender(letters.outbox, carrier, letters.open, clock)
    claimed_at = clock.now
    clock.turn(601)
    assert await sender.run_once(claimed_at) == {"too_old": 1}
    assert twilio.received == []


@pytest.mark.parametrize(("kind", "counts"), [("code", {"stranded": 1}), ("notice", {"stranded": 1})])
async def test_what_a_killed_sender_had_claimed_is_settled_by_the_next(
    letters: Any, carrier: Carrier, twilio: Any, clock: Any, kind: str, counts: dict[str, int]
) -> None:
    await letters.put("letter", kind, lives=6000)
    assert len(await letters.outbox.claim(clock.now, 1)) == 1  # and here the process was killed
    sender = Sender(letters.outbox, carrier, letters.open, clock)
    assert await sender.run_once(clock.turn(STRANDED_SECONDS)) == {}, "it may still be at it"
    assert await sender.run_once(clock.turn(STRANDED_SECONDS)) == counts
    await sender.run_once(clock.turn(DOUBTFUL_WAITS[0]))
    assert bodies(twilio) == ([] if kind == "code" else ["letter"])
    assert await letters.outbox.counts() == {"unknown" if kind == "code" else "sent": 1}


async def test_a_letter_that_strands_each_time_is_given_up(
    letters: Any, carrier: Carrier, twilio: Any, clock: Any
) -> None:
    await letters.put("notice")
    for _ in range(3):
        assert len(await letters.outbox.claim(clock.now, 1)) == 1
        await Sender(letters.outbox, carrier, letters.open, clock).run_once(clock.turn(STRANDED_SECONDS + 1))
        clock.turn(DOUBTFUL_WAITS[-1])
    assert await letters.outbox.counts() == {"unknown": 1}
    assert twilio.received == []


async def test_an_untrusted_account_stops_everything_and_alerts_once(
    sender: Sender, letters: Any, twilio: Any, clock: Any
) -> None:
    for n in range(5):
        await letters.put(f"notice {n}")
    twilio.answers = [UNTRUSTED] * 6
    with capture_logs() as logs:
        assert sender.healthy
        assert await sender.run_once(clock.now) == {"later": 5}
        assert not sender.healthy
        assert await sender.run_once(clock.turn(MISCONFIGURED_SECONDS - 1)) == {}
        assert await sender.run_once(clock.turn(1)) == {"later": 1}, "one letter tries whether it is mended"
        assert await sender.run_once(clock.turn(MISCONFIGURED_SECONDS)) == {"sent": 1}
        assert sender.healthy
        assert sum((await sender.run_once(clock.turn(60))).values()) == 4
    events = [entry["event"] for entry in logs]
    assert events.count("sms_operator_needed") == 1
    assert events.count("sms_carrier_trusts_us_again") == 1


async def test_while_the_account_is_untrusted_new_letters_wait_too(
    sender: Sender, letters: Any, twilio: Any, clock: Any
) -> None:
    twilio.answers = [UNTRUSTED]
    await letters.put("first")
    await sender.run_once(clock.now)
    await letters.put("a code", "code", lives=600)
    assert await sender.run_once(clock.turn(MISCONFIGURED_SECONDS - 1)) == {}
    assert await sender.run_once(clock.turn(1)) == {"sent": 1}
    assert bodies(twilio) == ["first", "a code"]


async def test_a_carrier_that_refuses_only_a_number_trusts_the_account_again(
    sender: Sender, letters: Any, twilio: Any, clock: Any
) -> None:
    twilio.answers = [UNTRUSTED, BAD_NUMBER]
    await letters.put("notice")
    await sender.run_once(clock.now)
    assert not sender.healthy
    assert await sender.run_once(clock.turn(MISCONFIGURED_SECONDS)) == {"failed": 1}
    assert sender.healthy


async def test_a_refused_number_is_no_reason_to_stop(sender: Sender, letters: Any, twilio: Any, clock: Any) -> None:
    twilio.answers = [BAD_NUMBER]
    await letters.put("to a bad number")
    await letters.put("to a good one")
    assert await sender.run_once(clock.now) == {"failed": 1, "sent": 1}
    assert sender.healthy


async def test_a_letter_nobody_can_open_fails_alone(letters: Any, carrier: Carrier, twilio: Any, clock: Any) -> None:
    def open_letter(item: Any) -> tuple[str, str]:
        if item.sealed_body == b"broken":
            raise ValueError("sealed by another key")
        return letters.open(item)

    await letters.put("broken")
    await letters.put("whole")
    sender = Sender(letters.outbox, carrier, open_letter, clock)
    assert await sender.run_once(clock.now) == {"failed": 1, "sent": 1}
    assert bodies(twilio) == ["whole"]


async def test_the_pace_is_kept_in_segments(letters: Any, carrier: Carrier, twilio: Any, clock: Any) -> None:
    sender = Sender(letters.outbox, carrier, letters.open, clock, pace=Pace(4), at_once=100)
    for _ in range(9):
        await letters.put("ж" * 70)
    assert await sender.run_once(clock.now) == {"sent": 4}
    assert await sender.run_once(clock.now) == {}
    assert await sender.run_once(clock.turn(0.5)) == {"sent": 2}
    assert await sender.run_once(clock.turn(60)) == {"sent": 3}
    await letters.put("ж" * 67 * 9)
    await letters.put("last")
    assert await sender.run_once(clock.turn(0)) == {"sent": 1}, "nine segments by one left"
    assert await sender.run_once(clock.turn(2)) == {}
    assert await sender.run_once(clock.turn(0.25)) == {"sent": 1}


async def test_a_shorter_pause_does_not_shorten_a_longer_one(clock: Any) -> None:
    pace = Pace(1)
    pace.keep_still(clock.now, 60)
    pace.keep_still(clock.now, 1)
    assert await pace.take(1, clock.turn(59)) == 0
    assert await pace.take(1, clock.turn(1)) == 1
    with pytest.raises(ValueError, match="pace"):
        Pace(0)


async def test_a_log_shows_neither_words_nor_a_whole_number(
    sender: Sender, letters: Any, twilio: Any, clock: Any
) -> None:
    twilio.answers = [SERVER_ERROR, BAD_NUMBER, TOO_FAST]
    for n in range(3):
        await letters.put(f"12345678 secret {n}")
    with capture_logs() as logs:
        await sender.run_once(clock.now)
    assert [entry["event"] for entry in logs] == ["sms_not_accepted"] * 3
    assert {entry["phone"] for entry in logs} == {"+7 701 *** ** 67"}
    assert "secret" not in str(logs)
    assert "1234567" not in str(logs)


Running = Callable[[Sender], Awaitable[None]]


@pytest.fixture
async def running() -> AsyncIterator[Running]:
    """Runs a sender until the test is over."""
    stop = asyncio.Event()
    started: list[Sender] = []
    async with asyncio.timeout(20), asyncio.TaskGroup() as group:

        async def start(sender: Sender) -> None:
            started.append(sender)
            group.create_task(sender.run(stop))

        yield start
        stop.set()
        for sender in started:
            sender.nudge()


async def test_a_nudge_wakes_the_sender(
    letters: Any, carrier: Carrier, twilio: Any, clock: Any, running: Running
) -> None:
    line = OutboxThatComesAndGoes(letters.outbox)
    sender = Sender(line, carrier, letters.open, clock, poll_seconds=3600)
    await running(sender)
    async with asyncio.timeout(10):
        await line.looked_in.wait()
        await letters.put("code", "code", lives=600)
        sender.nudge()
        await twilio.arrived.wait()
    assert bodies(twilio) == ["code"]


async def test_a_backlog_is_worked_off_and_what_is_under_way_is_finished(
    letters: Any, carrier: Carrier, twilio: Any, clock: Any
) -> None:
    for n in range(25):
        await letters.put(f"notice {n}")
    sender = Sender(letters.outbox, carrier, letters.open, clock, pace=Pace(100), at_once=3, poll_seconds=3600)
    stop = asyncio.Event()
    async with asyncio.timeout(20), asyncio.TaskGroup() as group:
        group.create_task(sender.run(stop))
        while len(twilio.received) < 20:
            twilio.arrived.clear()
            await twilio.arrived.wait()
        stop.set()
        sender.nudge()
    counts = await letters.outbox.counts()
    assert counts.keys() <= {"sent", "waiting"}
    assert counts["sent"] == len(twilio.received) == len(set(bodies(twilio)))


class OutboxThatComesAndGoes:
    """The real outbox, behind a line that is cut while `away`."""

    def __init__(self, outbox: Any) -> None:
        self.outbox = outbox
        self.away: set[str] = set()
        self.asked = asyncio.Event()
        self.looked_in = asyncio.Event()

    def __getattr__(self, name: str) -> Any:
        async def call(*args: Any) -> Any:
            self.asked.set()
            if name in self.away:
                raise ConnectionError("the store is away")
            found = await getattr(self.outbox, name)(*args)
            if name == "claim":
                self.looked_in.set()
            return found

        return call


async def test_the_sender_outlives_a_store_that_is_away(
    letters: Any, carrier: Carrier, twilio: Any, clock: Any, running: Running
) -> None:
    line = OutboxThatComesAndGoes(letters.outbox)
    line.away = {"claim", "stranded"}
    sender = Sender(line, carrier, letters.open, clock)
    await letters.put("notice")
    with capture_logs() as logs:
        await running(sender)
        async with asyncio.timeout(10):
            await line.asked.wait()
            line.away.clear()
            sender.nudge()
            await twilio.arrived.wait()
    assert {entry["event"] for entry in logs} <= {"sms_outbox_unavailable"}
    assert bodies(twilio) == ["notice"]


async def test_a_letter_sent_while_the_store_went_away_is_found_stranded(
    letters: Any, carrier: Carrier, twilio: Any, clock: Any
) -> None:
    line = OutboxThatComesAndGoes(letters.outbox)
    line.away = {"sent"}
    sender = Sender(line, carrier, letters.open, clock)
    await letters.put("a code", "code", lives=6000)
    assert await sender.run_once(clock.now) == {"unsettled": 1}
    line.away.clear()
    assert await sender.run_once(clock.turn(STRANDED_SECONDS + 1)) == {"stranded": 1}
    assert bodies(twilio) == ["a code"], "a code goes out once"
