"""The door by long polling, against the box."""

import asyncio
import logging
from collections.abc import Sequence

import pytest
import structlog
from aiogram import Bot

from bot.errands import Errands
from bot.pace import Pace
from bot.polling import Polling
from bot.porter import Porter
from bot.sending import Sender
from bot.wire import Wire
from handlers.speech import Action, Incoming, Reply
from rehearsal.box import Box
from rehearsal.faults import Fault
from tests.bot.conftest import AIGERIM, ANN, IVAN, TinyDesk, echo, polling, texts, until


async def menu_of_two(incoming: Incoming) -> Sequence[Reply]:
    """A screen with two buttons; a press shows what was pressed on the same screen."""
    actions = (Action("One", "p.1"), Action("Two", "p.2"))
    return [incoming.reply(f"screen after {incoming.text or incoming.press}", actions=actions)]


async def test_a_text_is_answered_and_reported(box: Box, desk: TinyDesk) -> None:
    async with polling(box, desk):
        box.hand(AIGERIM).says("/start")
        await until(lambda: desk.reported)
    assert texts(box, AIGERIM) == ["heard /start"]
    assert desk.reported == desk.effects == [desk.heard[0].id]


async def test_a_press_edits_its_screen_in_place_and_ends_the_spinner(box: Box, desk: TinyDesk) -> None:
    desk.script = menu_of_two
    hand = box.hand(IVAN)
    async with polling(box, desk):
        hand.says("go")
        await until(lambda: texts(box, IVAN))
        screen = max(hand.chat.messages)
        hand.presses(screen, "p.2")
        await until(lambda: texts(box, IVAN) == ["screen after p.2"])
        await until(lambda: hand.chat.counts.answered)
        hand.presses(screen, "p.2")  # the same screen again: "message is not modified" is no fault
        await until(lambda: len(desk.reported) == 3)
    assert (hand.chat.counts.sent, hand.chat.counts.edited) == (1, 1)


async def test_a_screen_that_is_gone_is_sent_anew(box: Box, desk: TinyDesk) -> None:
    desk.script = menu_of_two
    hand = box.hand(IVAN)
    async with polling(box, desk):
        hand.says("go")
        await until(lambda: texts(box, IVAN))
        screen = max(hand.chat.messages)
        hand.presses(screen, "p.1")
        del hand.chat.messages[screen]
        await until(lambda: texts(box, IVAN) == ["screen after p.1"])
    assert max(hand.chat.messages) > screen


async def test_the_contact_button_shares_the_own_number(box: Box, desk: TinyDesk) -> None:
    async def ask(incoming: Incoming) -> Sequence[Reply]:
        if incoming.contact:
            return [incoming.reply("type the code", drop_contact=True)]
        return [incoming.reply("share", ask_contact="My number")]

    desk.script = ask
    hand = box.hand(AIGERIM)
    async with polling(box, desk):
        hand.says("/start")
        await until(lambda: hand.chat.keyboard)
        hand.presses_key("My number")
        await until(lambda: len(texts(box, AIGERIM)) == 2)
    contact = desk.heard[1].contact
    assert contact is not None
    assert (contact.digits, contact.own) == (AIGERIM.lstrip("+"), True)
    assert hand.chat.keyboard is None


async def test_somebody_elses_contact_is_never_own(box: Box, desk: TinyDesk) -> None:
    ivan = box.people.get(IVAN)
    assert ivan is not None
    hand = box.hand(AIGERIM)
    async with polling(box, desk):
        hand.shares_contact_of(ivan)
        hand.shares_contact_of(ivan, with_account=False)
        hand.forwards_contact(ivan)
        hand.forwards_contact(hand.person)
        await until(lambda: len(desk.heard) == 4)
    assert [incoming.contact is not None and incoming.contact.own for incoming in desk.heard] == [False] * 4


async def test_photo_sticker_voice_and_edited_message_are_told_as_other(box: Box, desk: TinyDesk) -> None:
    hand = box.hand(ANN)
    async with polling(box, desk):
        written = hand.says("tpyo")
        hand.sends_photo()
        hand.sends_sticker()
        hand.sends_voice()
        hand.edits(written, "typo")
        await until(lambda: len(texts(box, ANN)) == 5)
    assert [incoming.other for incoming in desk.heard] == [False, True, True, True, True]
    assert [incoming.text for incoming in desk.heard[1:]] == [""] * 4


async def test_a_group_gets_silence(box: Box, desk: TinyDesk) -> None:
    hand = box.hand(ANN)
    group = box.telegram.add_shared("group", "Friends", "", [hand.person])
    async with polling(box, desk):
        hand.says_in(group, "/start")
        hand.says_in(group, "2")
        hand.says("in private")
        await until(lambda: desk.reported)
    assert desk.said == ["in private"]
    assert not any(message.from_bot for message in group.messages.values())


async def test_five_thousand_characters_and_right_to_left_marks_pass_safely(box: Box, desk: TinyDesk) -> None:
    hand = box.hand(ANN)
    async with polling(box, desk):
        hand.says("ы" * 5000)
        hand.says("\u200f12\u200e \u202eabc")
        await until(lambda: len(texts(box, ANN)) == 2)
    assert desk.said == ["ы" * 4096, "\u200f12\u200e \u202eabc"]
    assert texts(box, ANN)[1] == "heard \u200f12\u200e \u202eabc"


async def test_one_slow_member_does_not_hold_up_another(box: Box, desk: TinyDesk) -> None:
    release = asyncio.Event()

    async def slow_for_the_first(incoming: Incoming) -> Sequence[Reply]:
        if incoming.text == "slow":
            await release.wait()
        return await echo(incoming)

    desk.script = slow_for_the_first
    async with polling(box, desk):
        box.hand(AIGERIM).says("slow")
        for number in range(5):  # over several requests for updates
            box.hand(IVAN).says(str(number))
            await until(lambda number=number: f"heard {number}" in texts(box, IVAN))
        assert texts(box, AIGERIM) == []
        release.set()
        await until(lambda: texts(box, AIGERIM) == ["heard slow"])
    assert len(desk.effects) == len(desk.heard) == 6


async def test_one_members_messages_are_dealt_with_in_their_order(box: Box, desk: TinyDesk) -> None:
    async def first_is_slowest(incoming: Incoming) -> Sequence[Reply]:
        await asyncio.sleep(0.05 if incoming.text == "0" else 0)
        return await echo(incoming)

    desk.script = first_is_slowest
    async with polling(box, desk):
        for number in range(8):
            box.hand(AIGERIM).says(str(number))
        await until(lambda: len(texts(box, AIGERIM)) == 8)
    assert texts(box, AIGERIM) == [f"heard {number}" for number in range(8)]


async def test_an_update_is_not_confirmed_before_the_desk_has_dealt_with_it(box: Box, desk: TinyDesk) -> None:
    async def never(incoming: Incoming) -> Sequence[Reply]:
        if incoming.text == "vote":
            await asyncio.Event().wait()
        return await echo(incoming)

    desk.script = never
    async with polling(box, desk, stop_seconds=0.2):
        box.hand(AIGERIM).says("vote")
        await until(lambda: "vote" in desk.said)
        box.hand(IVAN).says("hello")
        await until(lambda: texts(box, IVAN))
    assert texts(box, AIGERIM) == []

    second = TinyDesk()
    async with polling(box, second):
        await until(lambda: texts(box, AIGERIM) == ["heard vote"])
    assert "vote" in second.said


async def test_a_graceful_stop_finishes_and_leaves_nothing_to_repeat(box: Box, desk: TinyDesk) -> None:
    release = asyncio.Event()

    async def wait(incoming: Incoming) -> Sequence[Reply]:
        asyncio.get_running_loop().call_later(0.1, release.set)
        await release.wait()
        return await echo(incoming)

    desk.script = wait
    async with polling(box, desk, stop_seconds=5):
        box.hand(AIGERIM).says("vote")
        await until(lambda: desk.heard)
    assert texts(box, AIGERIM) == ["heard vote"]
    assert desk.reported == [desk.heard[0].id]
    assert not box.telegram.bot(box.token).queue.pending


async def test_what_the_desk_failed_at_comes_again_and_happens_once(box: Box, desk: TinyDesk) -> None:
    async def fails_once(incoming: Incoming) -> Sequence[Reply]:
        if len(desk.heard) == 1:
            raise OSError("the store is away")
        return await echo(incoming)

    desk.script = fails_once
    async with polling(box, desk):
        box.hand(AIGERIM).says("vote")
        await until(lambda: desk.reported)
    assert desk.effects == [desk.heard[0].id]
    assert len(desk.heard) == 2
    assert texts(box, AIGERIM) == ["heard vote"]


async def test_an_update_the_desk_always_fails_at_is_given_up_once_others_went_through(
    box: Box, desk: TinyDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.polling.LONGEST_PAUSE", 0.01)
    monkeypatch.setattr("bot.polling.FIRST_PAUSE", 0.01)
    poisoned = asyncio.Event()

    async def poison(incoming: Incoming) -> Sequence[Reply]:
        if incoming.text == "poison":
            if len(desk.heard) > 30:
                poisoned.set()
            raise ValueError(incoming.text)
        return await echo(incoming)

    desk.script = poison
    async with polling(box, desk):
        box.hand(AIGERIM).says("poison")
        box.hand(AIGERIM).says("after")
        await poisoned.wait()  # alone, it is tried on and on: the store may be away
        assert texts(box, AIGERIM) == []
        box.hand(IVAN).says("hello")
        await until(lambda: texts(box, AIGERIM) == ["heard after"])


async def test_duplicates_and_updates_out_of_order_do_no_harm(box: Box, desk: TinyDesk) -> None:
    box.faults.add(Fault("updates", "duplicate", times=3))
    box.faults.add(Fault("updates", "out_of_order", times=2))
    async with polling(box, desk):
        for phone in (AIGERIM, IVAN, ANN):
            box.hand(phone).says("a")
            box.hand(phone).says("b")
        await until(lambda: all(len(texts(box, phone)) >= 2 for phone in (AIGERIM, IVAN, ANN)))
        await until(lambda: not box.telegram.bot(box.token).queue.pending)
    assert sorted(desk.effects) == sorted(set(desk.effects))
    assert len(desk.effects) == 6


async def test_retry_after_is_obeyed_and_the_answer_arrives_once(box: Box, desk: TinyDesk) -> None:
    box.faults.add(Fault("bot_api", "too_many", only="sendMessage", times=2, retry_after=1))
    async with polling(box, desk):
        box.hand(AIGERIM).says("a")
        box.hand(IVAN).says("b")
        await until(lambda: len(desk.reported) == 2)
    assert (texts(box, AIGERIM), texts(box, IVAN)) == (["heard a"], ["heard b"])


async def test_a_narrow_pace_that_telegram_enforces_loses_no_answer(box: Box, desk: TinyDesk) -> None:
    box.telegram.pace.limit(30, 1)
    async with polling(box, desk):
        for number in range(3):
            box.hand(AIGERIM).says(f"a{number}")
            box.hand(IVAN).says(f"b{number}")
        await until(lambda: len(desk.reported) == 6)
    assert texts(box, AIGERIM) == [f"heard a{number}" for number in range(3)]
    assert texts(box, IVAN) == [f"heard b{number}" for number in range(3)]


async def test_a_server_fault_is_tried_again_until_the_member_is_answered(box: Box, desk: TinyDesk) -> None:
    box.faults.add(Fault("bot_api", "server_error", only="sendMessage", times=2))
    async with polling(box, desk):
        box.hand(AIGERIM).says("vote")
        await until(lambda: desk.reported)
    assert texts(box, AIGERIM) == ["heard vote"]


async def test_a_fault_while_asking_for_updates_is_told_once_and_outlived(box: Box, desk: TinyDesk) -> None:
    box.faults.add(Fault("bot_api", "server_error", only="getUpdates", times=2))
    with structlog.testing.capture_logs() as logs:
        async with polling(box, desk):
            box.hand(AIGERIM).says("vote")
            await until(lambda: texts(box, AIGERIM))
    events = [line["event"] for line in logs if line["event"].startswith("updates_")]
    assert events == ["updates_not_received", "updates_received_again"]


async def test_a_second_program_on_the_token_is_told_in_one_sentence(box: Box, desk: TinyDesk) -> None:
    with structlog.testing.capture_logs() as logs:
        async with polling(box, desk):
            await until(lambda: box.telegram.bot(box.token).queue._poll)
            box.telegram.bot(box.token).queue.interrupt()
            await until(lambda: any(line["event"] == "updates_not_received" for line in logs))
            box.hand(AIGERIM).says("vote")
            await until(lambda: texts(box, AIGERIM))
    (told,) = [line for line in logs if line["event"] == "updates_not_received"]
    assert told["error"] == "TelegramConflictError"
    assert "another program" in told["meaning"]


async def test_a_chat_that_blocked_the_bot_is_noted_and_left_alone(box: Box, desk: TinyDesk) -> None:
    hand = box.hand(AIGERIM)

    async def blocks_meanwhile(incoming: Incoming) -> Sequence[Reply]:
        hand.blocks()
        return await echo(incoming)

    desk.script = blocks_meanwhile
    with structlog.testing.capture_logs() as logs:
        async with polling(box, desk):
            hand.says("hello")
            await until(lambda: desk.reported)
    assert texts(box, AIGERIM) == []
    assert [line["event"] for line in logs].count("chat_closed_to_us") == 1


async def test_what_waited_before_the_start_is_not_dropped_and_a_webhook_is_taken_away(
    box: Box, desk: TinyDesk
) -> None:
    bot = box.telegram.bot(box.token)
    box.hand(AIGERIM).says("early")
    async with polling(box, desk):
        await until(lambda: texts(box, AIGERIM) == ["heard early"])
    assert bot.push.hook is None


async def test_several_bots_are_one_door(box: Box, desk: TinyDesk) -> None:
    first, second = "1000001:rehearsal-token", "1000002:rehearsal-token"
    async with polling(box, desk, first, second) as door:
        assert door.bots == ("1000001", "1000002")
        box.hand(AIGERIM, first).says("one")
        box.hand(AIGERIM, second).says("two")
        await until(lambda: len(desk.reported) == 2)
    assert {incoming.address.door: incoming.text for incoming in desk.heard} == {"1000001": "one", "1000002": "two"}
    assert len(set(desk.effects)) == 2
    assert texts(box, AIGERIM, second) == ["heard two"]


async def test_no_update_passes_a_magic_filter_or_a_plain_function(desk: TinyDesk) -> None:
    """aiogram moves both to a thread, 290 microseconds each on every update."""
    bot = Bot("1000001:rehearsal-token")
    async with Errands() as errands:
        sender = Sender(Wire(bot.token), Pace(asyncio.get_running_loop()))
        porter = Porter(desk, sender, errands)
        dispatcher = Polling(bot, porter, errands).dispatcher
    assert dispatcher.sub_routers == []
    handlers = [each for observer in dispatcher.observers.values() for each in observer.handlers]
    assert len(handlers) == 5  # the dispatcher's own, and ours for each kind of update
    assert all(handler.awaitable for handler in handlers)
    assert not any(handler.filters for handler in handlers)


async def test_logs_hold_no_words_no_numbers_and_no_token(
    box: Box, desk: TinyDesk, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    box.faults.add(Fault("bot_api", "server_error", times=2))
    box.faults.add(Fault("bot_api", "lost", only="sendMessage", times=1))

    async def fails(incoming: Incoming) -> Sequence[Reply]:
        if len(desk.heard) == 1:
            raise ValueError(f"secret words: {incoming.text}")
        return await menu_of_two(incoming)

    desk.script = fails
    hand = box.hand(IVAN)
    async with polling(box, desk):
        hand.says("code 123456")
        await until(lambda: texts(box, IVAN))
        hand.presses(max(hand.chat.messages), "p.2")
        hand.shares_contact()
        await until(lambda: len(desk.reported) == 3)
    kept = caplog.text + "".join(capsys.readouterr())
    assert "update_not_dealt_with" in kept
    for word in ("123456", "secret words", "p.2", IVAN[1:], "Петров", "rehearsal-token", str(hand.person.telegram_id)):
        assert word not in kept, word
