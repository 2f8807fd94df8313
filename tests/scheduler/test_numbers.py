"""A number that changes is told in Telegram once, and in force a day later, once, whatever is restarted meanwhile."""

from pathlib import Path

from election.repairs import Untold
from scheduler.repairs import Numbers
from scheduler.steady import Steady
from tests.commission.council import decides_on, election
from tests.scheduler.clocks import Clocks
from tests.voters import Booth, booth_again

NEW = "+77029999934"


async def _nobody(_: Untold) -> bool:
    raise AssertionError("there is nothing to tell")


def clock_of(hall: Booth, clocks: Clocks) -> Numbers:
    return Numbers(hall.hall.repairs, hall.hall.store.repairs, _nobody, Steady(clocks.monotonic))


async def test_it_is_in_force_after_a_day_once_though_the_clock_is_restarted(tmp_path: Path) -> None:
    async with election(tmp_path) as hall:
        clocks = Clocks(wall=hall.hand())
        await decides_on(hall, "number", 1, new_phone=NEW)
        numbers = clock_of(hall, clocks)
        for hours in (0, 23, 0.9):
            assert await numbers.run(clocks.run(hours=hours)) == {"told": 0, "numbers_changed": 0, "numbers_dropped": 0}
        async with booth_again(hall) as after:
            again = clock_of(after, clocks)
            assert (await again.run(clocks.run(hours=0.2)))["numbers_changed"] == 1
            assert (await numbers.run(clocks.run(minutes=1)))["numbers_changed"] == 0
        assert (await hall.member(1)).reach == "mobile"
        hall.hand.at = clocks.wall
        assert await hall.letters(NEW) != []


async def test_a_clock_set_a_day_ahead_puts_nothing_in_force(tmp_path: Path) -> None:
    async with election(tmp_path) as hall:
        clocks = Clocks(wall=hall.hand())
        await decides_on(hall, "number", 1, new_phone=NEW)
        numbers = clock_of(hall, clocks)
        await numbers.run(clocks.wall)
        assert (await numbers.run(clocks.jump(hours=25)))["numbers_changed"] == 0
        assert (await numbers.run(clocks.run(minutes=9)))["numbers_changed"] == 0
        clocks.jump(hours=-25)
        for _ in range(3):
            assert (await numbers.run(clocks.run(minutes=11)))["numbers_changed"] == 0


async def test_telegram_is_told_once_and_tried_again_while_it_is_away(tmp_path: Path) -> None:
    async with election(tmp_path) as hall:
        clocks, heard = Clocks(wall=hall.hand()), []

        async def tell(untold: Untold) -> bool:
            heard.append((untold.account, untold.change.member_id))
            return len(heard) > 1

        await hall.telegram(1).signs_in()
        for number in (1, 2):  # the second is not in Telegram
            await decides_on(hall, "number", number, new_phone=f"+7702999993{number}")
        numbers = Numbers(hall.hall.repairs, hall.hall.store.repairs, tell, Steady(clocks.monotonic))
        told = [(await numbers.run(clocks.run(seconds=5)))["told"] for _ in range(4)]
        assert told == [0, 1, 0, 0]
        assert heard == [("5001", "m000001")] * 2
