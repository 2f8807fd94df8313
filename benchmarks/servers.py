"""PostgreSQL and Valkey for a measurement: those of the tests, but what is committed waits for the disk."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.servers import Postgres, ask_postgres, valkey

__all__ = ["database", "postgres", "valkey"]


class LastingPostgres(Postgres):
    """Its commits are on the disk before they are told: the tests' own runs without fsync."""

    def start(self) -> None:
        if not (self._data / "postmaster.pid").exists():
            options = f"-h 127.0.0.1 -p {self.port} -k '' -c shared_buffers=512MB -c max_wal_size=4GB"
            self._run("pg_ctl", "-D", self._data, "-w", "-t", "30", "-l", self._folder / "log", "-o", options, "start")

    @property
    def pid(self) -> int:
        """The server's first process."""
        return int((self._data / "postmaster.pid").read_text(encoding="utf-8").split()[0])


@contextmanager
def postgres() -> Iterator[LastingPostgres]:
    """A PostgreSQL with an empty cluster, running until the block ends."""
    with TemporaryDirectory(prefix="dauys-bench-pg-", dir="/var/tmp", ignore_cleanup_errors=True) as folder:
        server = LastingPostgres(Path(folder))
        try:
            server.start()
            yield server
        finally:
            server.stop("immediate")


def database(server: LastingPostgres, name: str) -> str:
    """The URL of a fresh database."""
    ask_postgres(server.url, f'CREATE DATABASE "{name}"')
    return server.url.rpartition("/")[0].replace("postgresql://", "postgresql+asyncpg://") + f"/{name}"
