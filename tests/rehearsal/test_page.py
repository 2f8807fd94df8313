"""The page in a real Chromium: a person votes on it by both handsets. Without a Chromium this says so."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page

from rehearsal.box import Box
from tests.chromium import CHROMIUM, chromium
from tests.rehearsal.fake_house import Contest, FakeHouse

FORTY = [f"Кандидат {n:02d}" for n in range(1, 41)]
CONTESTS = [Contest("Мажилис", ["Ахметов", "Петров", "Ким"]), Contest("Маслихат", FORTY, choose=3)]

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: the page is not looked at")


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


async def opened(browser: Browser, box: Box, phone: str, width: int, errors: list[str]) -> Page:
    context = await browser.new_context(viewport={"width": width, "height": 740}, locale="ru")
    page = await context.new_page()
    page.set_default_timeout(8000)
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    await page.goto(f"{box.url}/#{phone}")
    return page


async def test_a_member_votes_in_the_chat_at_phone_width(box: Box, browser: Browser) -> None:
    errors: list[str] = []
    async with FakeHouse(box, CONTESTS) as house:
        page = await opened(browser, box, "+77010000002", 375, errors)
        await page.click("#start")
        await page.click(".row button:has-text('Русский')")
        await page.click(".contact-key")
        await page.click("#banner")  # the text has come to the other handset
        code = (await page.inner_text(".sms.them .sms-text")).split()[1].strip(".")
        await page.click("#tab-telegram")
        await page.fill("#text", code)
        await page.press("#text", "Enter")
        await page.click(".row button:has-text('Петров')")
        await page.click(".row button:has-text('Кандидат 37')")
        scrolled = await page.eval_on_selector("#log", "log => log.scrollTop")
        await page.wait_for_selector(".row button:has-text('✓ Кандидат 37')")
        assert abs(await page.eval_on_selector("#log", "log => log.scrollTop") - scrolled) < 5
        await page.click(".row button:has-text('Далее')")
        await page.click(".row button:has-text('Проголосовать')")
        await page.wait_for_selector("text=Контрольный код")
        wide = await page.evaluate("document.documentElement.scrollWidth")
    assert house.ballots == {"+77010000002": {0: [1], 1: [36]}}
    assert wide <= 375
    assert errors == []


async def test_a_member_votes_by_text_with_the_keypad_while_turnout_moves(box: Box, browser: Browser) -> None:
    errors: list[str] = []
    async with FakeHouse(box, CONTESTS[:1]) as house:
        page = await opened(browser, box, "+77010000003", 1280, errors)
        await page.click("#sms-words button:has-text('VOTE')")
        await page.wait_for_selector(".sms.them >> nth=1")
        code = "".join((await page.inner_text(".sms.them >> nth=1")).split("Code ")[1].split())
        for digit in code:
            await page.click(f"#keys button[aria-label='{digit}']")
        await page.press("#sms-text", "End")
        await page.type("#sms-text", " 2")
        await page.click("#sms-send")
        await page.wait_for_selector("text=Review")
        await page.click("#sms-words button:has-text('YES')")
        await page.wait_for_selector("text=Your receipt")
        box.scoreboard.show({"lines": [{"ru": "Проголосовали 1 из 3", "en": "1 of 3 voted"}], "share": 0.33})
        await page.wait_for_selector("text=Проголосовали 1 из 3")
        await page.click("#tongues button:has-text('Eng')")
        await page.wait_for_selector("text=1 of 3 voted")
    assert house.ballots == {"+77010000003": {0: [1]}}
    assert errors == []


async def test_another_member_is_found_by_name_with_the_keyboard_alone(box: Box, browser: Browser) -> None:
    errors: list[str] = []
    async with FakeHouse(box, CONTESTS):
        page = await opened(browser, box, "+77010000001", 1280, errors)
        await page.wait_for_selector("#who-name:has-text('Серикова')")
        await page.focus("#who")
        await page.keyboard.press("Enter")
        await page.keyboard.type("астана")
        await page.wait_for_selector("#people-list li:has-text('Jones')")
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("Enter")
        await page.wait_for_selector("#who-name:has-text('Jones Ann')")
        await page.wait_for_selector("#start:visible")
    assert errors == []
