"""The board's own server, asked over HTTP."""

import asyncio
import gzip
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientSession, TCPConnector, web

from board import window
from board.folder import publish_board
from tests.board.little_election import LittleElection, a_whole_election


@pytest.fixture(scope="module")
def little() -> LittleElection:
    return a_whole_election()


@pytest.fixture
async def asked(little: LittleElection, tmp_path: Path) -> AsyncIterator[ClientSession]:
    await publish_board(tmp_path / "board", little.contents(), lambda _: b"a picture")
    app = web.Application()
    app.add_routes(window.routes(tmp_path / "board"))
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    plain = {"Accept-Encoding": "identity"}
    async with ClientSession(base, headers=plain, auto_decompress=False, connector=TCPConnector(limit=0)) as session:
        yield session
    await runner.cleanup()


NAMES = ("/", "/index.html", "/latest.json", "/bulletins/3.json", "/receipts/0/all.txt", "/bundle/rules.json")
TYPES = {
    "/": "text/html; charset=utf-8",
    "/latest.json": "application/json",
    "/bundle/log/2.txt": "text/plain; charset=utf-8",
    "/chart-kk.png": "image/png",
}


@pytest.mark.parametrize("name", NAMES)
async def test_who_has_it_already_is_told_so_without_it(asked: ClientSession, name: str) -> None:
    async with asked.get(name) as first:
        etag, body = first.headers["ETag"], await first.read()
        assert first.status == 200
        assert etag.startswith('"')  # a strong one
        assert first.headers["Vary"] == "Accept-Encoding"
    for known in (etag, f'"another", {etag}', f"W/{etag}"):
        async with asked.get(name, headers={"If-None-Match": known}) as second:
            assert (second.status, await second.read()) == (304, b"")
            assert second.headers["ETag"] == etag
            assert "Cache-Control" in second.headers
    async with asked.get(name, headers={"If-None-Match": '"another"'}) as third:
        assert (third.status, await third.read()) == (200, body)
    async with asked.head(name) as head:
        assert (head.status, head.headers["ETag"], int(head.headers["Content-Length"])) == (200, etag, len(body))


@pytest.mark.parametrize("name", NAMES[:-1])
async def test_who_takes_it_compressed_gets_it_so_and_it_is_the_same(asked: ClientSession, name: str) -> None:
    async with asked.get(name) as plain, asked.get(name, headers={"Accept-Encoding": "gzip, br"}) as packed:
        assert packed.headers["Content-Encoding"] == "gzip"
        assert packed.headers["Content-Type"] == plain.headers["Content-Type"]
        assert packed.headers["ETag"] != plain.headers["ETag"]
        assert gzip.decompress(await packed.read()) == await plain.read()


@pytest.mark.parametrize(("name", "kind"), TYPES.items())
async def test_a_browser_is_told_what_it_gets(asked: ClientSession, name: str, kind: str) -> None:
    async with asked.get(name) as answer:
        assert answer.headers["Content-Type"] == kind
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_a_bulletin_may_be_kept_for_good_and_the_newest_for_a_moment(asked: ClientSession) -> None:
    for name, kept in (("/bulletins/2.json", "immutable"), ("/latest.json", "max-age=5"), ("/", "max-age=5")):
        async with asked.get(name) as answer:
            assert kept in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    "name",
    [
        *("/.draft.json", "/receipts/.x.txt", "/bulletins", "/bulletins/", "/bundle/", "/nothing.json", "/a/b.html"),
        *("/../secret.json", "/%2e%2e/secret.json", "/..%2fsecret.json", "/bundle/..%2f..%2fsecret.json"),
        *("//secret.json", "/link.json", "/deep/link.json", "/door/secret.json", "/notes.md", "/index.html.gz"),
        *("/latest.json%00", "/latest.json%0a", "/pipe.json"),
    ],
)
async def test_nothing_else_is_shown(asked: ClientSession, tmp_path: Path, name: str) -> None:
    board = tmp_path / "board"
    (tmp_path / "secret.json").write_text("secret")
    (board / ".draft.json").write_text("secret")
    (board / "receipts/.x.txt").write_text("secret")
    (board / "notes.md").write_text("secret")
    (board / "deep").mkdir()
    (board / "link.json").symlink_to(tmp_path / "secret.json")
    (board / "deep/link.json").symlink_to(tmp_path / "secret.json")
    (board / "door").symlink_to(tmp_path)
    os.mkfifo(board / "pipe.json")
    base = asked._base_url
    assert base is not None
    reader, writer = await asyncio.open_connection(base.host, base.port)  # a client would tidy the path up
    writer.write(f"GET {name} HTTP/1.1\r\nHost: board\r\nConnection: close\r\n\r\n".encode())
    answer = await reader.read()
    writer.close()
    assert answer.startswith((b"HTTP/1.1 404", b"HTTP/1.1 400")), answer
    assert b"secret" not in answer


async def test_a_new_bulletin_is_shown_with_the_next_question(
    asked: ClientSession, little: LittleElection, tmp_path: Path
) -> None:
    async with asked.get("/latest.json") as answer:
        etag = answer.headers["ETag"]
    (tmp_path / "board/latest.json.new").write_text('{"number":7}')
    (tmp_path / "board/latest.json.gz").unlink()
    os.replace(tmp_path / "board/latest.json.new", tmp_path / "board/latest.json")
    async with asked.get("/latest.json", headers={"If-None-Match": etag, "Accept-Encoding": "gzip"}) as answer:
        assert (answer.status, await answer.text()) == (200, '{"number":7}')
    (tmp_path / "board/latest.json").unlink()
    async with asked.get("/latest.json") as answer:
        assert answer.status == 404


async def test_nobody_can_put_anything_there(asked: ClientSession) -> None:
    for method in ("PUT", "POST", "DELETE"):
        async with asked.request(method, "/latest.json", data=b"{}") as answer:
            assert answer.status == 405
