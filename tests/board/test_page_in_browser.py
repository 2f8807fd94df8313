"""The board's page in a real Chromium, from the board's own server. Without a Chromium this says so."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page

from board import window
from board.bundle import Contents
from board.folder import publish_board
from election import receipt
from tests.board.little_election import LittleElection, a_whole_election
from tests.chromium import CHROMIUM, chromium

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: the page is not looked at"),
    pytest.mark.asyncio(loop_scope="module"),
]

TURNOUT = {
    "kk": "Тізімде барлығы: 636. Дауыс бергендер: 259 (40,7 %).",
    "ru": "Всего в списке: 636. Проголосовали: 259 (40,7 %).",
    "en": "Members on the roll: 636. Have voted: 259 (40.7 %).",
}
LATER = 60_000
"""Milliseconds after which the page has asked once more, whatever it drew by lot."""


class Board:
    """A folder on the board's own server, and the tabs that look at it."""

    def __init__(self, browser: Browser, folder: Path, url: str) -> None:
        self.browser = browser
        self.folder = folder
        self.url = url
        self.asked: list[tuple[str, int]] = []
        self.errors: list[str] = []

    async def tab(self, width: int = 1280, at: str = "", **wishes: Any) -> Page:
        """A page that a reader has opened, with a clock that the test turns."""
        context = await self.browser.new_context(viewport={"width": width, "height": 740}, **wishes)
        page = await context.new_page()
        page.set_default_timeout(8000)
        page.on("console", lambda message: self.errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("response", lambda answer: self.asked.append((answer.url.rpartition("/")[2], answer.status)))
        await page.clock.install()
        await page.goto(f"{self.url}{at}")
        return page


@pytest.fixture(scope="module")
def little() -> LittleElection:
    return a_whole_election()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="module")
async def board(browser: Browser, tmp_path: Path) -> AsyncIterator[Board]:
    app = web.Application()
    app.add_routes(window.routes(tmp_path))
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield Board(browser, tmp_path, f"http://127.0.0.1:{runner.addresses[0][1]}/")
    for context in browser.contexts:
        await context.close()
    await runner.cleanup()


async def test_it_reads_well_in_three_languages_at_two_widths_in_light_and_dark(
    board: Board, little: LittleElection
) -> None:
    await publish_board(board.folder, little.contents())
    for language, scheme in (("kk", "light"), ("ru", "dark"), ("en", "light")):
        page = await board.tab(360, f"#{language}", color_scheme=scheme)
        await page.eval_on_selector_all("details", "all => all.forEach(each => each.open = true)")
        for width in (320, 360, 1280):
            await page.set_viewport_size({"width": width, "height": 740})
            assert await page.evaluate("document.documentElement.scrollWidth") <= width, (language, width)
        await page.set_viewport_size({"width": 1280 if scheme == "dark" else 360, "height": 740})
        found = await Axe().run(page)
        assert [each["id"] for each in found.response["violations"] if each["impact"] in ("serious", "critical")] == []
        assert await page.locator("section:visible").count() == 1
        assert TURNOUT[language] in (await page.inner_text("section:visible .big")).replace("\N{NO-BREAK SPACE}", " ")
        assert await page.get_attribute("html", "lang") == language
    assert board.errors == []


async def test_a_new_bulletin_comes_into_the_open_page_and_disturbs_nobody(
    board: Board, little: LittleElection
) -> None:
    contents = little.contents()
    await publish_board(board.folder, _until(contents, 3))
    page = await board.tab(360, "#ru")
    await page.fill("#ru-code", "K7HM")
    await page.click("#ru-course summary")
    await page.focus("#ru-files a")
    scrolled = await page.evaluate("scrollY")
    await page.evaluate("window.mark = 'the same page'")
    async with page.expect_response("**/latest.json"):
        await page.clock.run_for(LATER)

    await publish_board(board.folder, _until(contents, 4))
    await page.clock.run_for(LATER)
    await page.wait_for_selector("section:visible .figure:has-text('41,4')")
    assert await page.inner_text("#news") == "Вышла сводка № 4: 41,4\N{NO-BREAK SPACE}%"
    assert await page.get_attribute("#news", "role") == "status"
    assert await page.evaluate("window.mark") == "the same page"
    assert await page.evaluate("document.activeElement.closest('div').id") == "ru-files"
    assert await page.input_value("#ru-code") == "K7HM"
    assert await page.get_attribute("#ru-course details", "open") is not None
    assert abs(await page.evaluate("scrollY") - scrolled) < 400  # what is looked at stays in sight
    assert await page.evaluate("location.hash") == "#ru"

    board.asked.clear()
    async with page.expect_response("**/latest.json") as coming:
        await page.clock.run_for(LATER)
    assert (await coming.value).status == 304
    assert "index.html" not in dict(board.asked)
    assert "" not in dict(board.asked)
    assert board.errors == []


async def test_while_the_board_is_away_the_page_says_so_and_asks_less_and_less(
    board: Board, little: LittleElection
) -> None:
    await publish_board(board.folder, little.contents())
    page = await board.tab(360, "#en")
    await page.route("**/latest.json", lambda route: route.abort())
    tries = []
    page.on("requestfailed", lambda request: tries.append(request.url))
    for _ in range(8):
        await page.clock.run_for(LATER / 2)
        await page.evaluate("1")
    await page.wait_for_selector("#news:has-text('No connection. You see bulletin 6.')")
    assert 2 <= len(tries) <= 4  # an open board would have been asked eight times or so
    await page.unroute("**/latest.json")
    await page.clock.run_for(1_000_000)
    await page.wait_for_selector("#news:empty", state="attached")


async def test_a_member_finds_her_receipt_and_tells_nobody_which_it_is(board: Board) -> None:
    little, mine, last = LittleElection(), "", ""
    little.publish()
    for member in range(60):
        last = receipt.from_bytes(bytes([member]) * 7)
        little.cast(member, code=last)
        mine = mine or last
    little.publish()
    await publish_board(board.folder, little.contents())
    page = await board.tab(360, "#kk")
    cyrillic = mine.lower().translate(str.maketrans("acehkmptxy", "асенкмртху")).replace("-", " ")
    for typed in (mine, cyrillic):
        await page.fill("#kk-code", typed)
        await page.press("#kk-code", "Enter")
        await page.wait_for_selector("output.found:has-text('№ 2 мәлімет')")
        await page.fill("#kk-code", mine[:-1] + ("C" if mine[-1] == "A" else "A"))
        await page.press("#kk-code", "Enter")
        await page.wait_for_selector("output.mistyped:has-text('қате')")
    board.asked.clear()
    await page.fill("#kk-code", receipt.from_bytes(b"another"))
    await page.click("#kk-receipt button")
    await page.wait_for_selector("output.waits:has-text('№ 2 мәліметке дейін')")
    assert board.asked == [("index.json", 200), ("all.txt", 200)]
    assert board.errors == []


async def test_without_https_the_browser_lends_no_hash_and_the_receipt_is_found_all_the_same(board: Board) -> None:
    little = LittleElection()
    for member in range(30):
        little.cast(member, code=receipt.from_bytes(bytes([member + 1]) * 7))
    little.publish()
    await publish_board(board.folder, little.contents())
    page = await board.tab(360)
    await page.evaluate("Object.defineProperty(crypto, 'subtle', {value: undefined})")
    for member in range(5):
        await page.fill("section:visible input", receipt.from_bytes(bytes([member + 1]) * 7))
        await page.press("section:visible input", "Enter")
        await page.wait_for_selector("section:visible output.found")
    assert board.errors == []


async def test_without_scripts_everything_is_there_to_read_and_the_address_chooses_the_language(
    board: Board, little: LittleElection
) -> None:
    await publish_board(board.folder, little.contents())
    page = await board.tab(360, java_script_enabled=False)
    assert await page.locator("section:visible").count() == 3
    await page.click("nav a[lang=en]")
    assert await page.locator("section:visible").count() == 1
    assert "Members on the roll: 636. Have voted: 259" in (await page.inner_text("section:visible")).replace(
        "\xa0", " "
    )
    assert await page.locator("form:visible").count() == 0
    await page.click("section:visible summary >> text=Check by hand")
    assert await page.locator("pre:visible >> text=sha256sum").count() == 1


async def test_the_language_is_that_of_the_browser_until_the_reader_chooses(
    board: Board, little: LittleElection
) -> None:
    await publish_board(board.folder, little.contents())
    page = await board.tab(1280, locale="en-GB")
    assert await page.get_attribute("section:visible", "lang") == "en"
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    assert await page.get_attribute("section:visible", "lang") == "kk"
    assert await page.get_attribute("nav a[aria-current]", "lang") == "kk"
    assert await page.evaluate("location.hash") == "#kk"
    await page.reload()
    assert await page.get_attribute("section:visible", "lang") == "kk"
    assert board.errors == []


def _until(contents: Contents, number: int) -> Contents:
    """The board as it was at that bulletin."""
    return replace(contents, bulletins=contents.bulletins[:number], result=None, roll=())
