"""`python -m tests.big_store dauys demo …`: the demo on a real PostgreSQL and a real Valkey, gone afterwards."""

import subprocess
import sys

from tests import servers


def main(command: list[str]) -> int:
    """Run the command with the addresses of both servers; its exit code."""
    with (
        servers.postgres_url() as postgres,
        servers.postgres_database(postgres) as database,
        servers.redis_url() as redis,
    ):
        return subprocess.run([*command, "--database-url", database, "--redis-url", redis]).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
