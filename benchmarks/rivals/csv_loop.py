"""A bare loop from CSV to SQLite: no checks, no report. With `--keyed` phones are keyed and encrypted like ours."""

import csv
import hashlib
import hmac
import secrets
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing

from nacl.secret import SecretBox

TABLE = """CREATE TABLE voter (member_id TEXT PRIMARY KEY, name TEXT, phone BLOB, sealed BLOB, region TEXT, branch TEXT,
           cell TEXT, language TEXT)"""


def rows(path: str, keyed: bool) -> Iterator[tuple[object, ...]]:
    key, box = secrets.token_bytes(32), SecretBox(secrets.token_bytes(32))
    with open(path, encoding="utf-8-sig", newline="") as file:
        lines = csv.reader(file, delimiter=";")
        next(lines)
        for member_id, name, phone, *more in lines:
            if keyed:
                digits = ("+7" + "".join(filter(str.isdigit, phone))[-10:]).encode()
                yield member_id, name, hmac.digest(key, digits, hashlib.sha256), box.encrypt(digits), *more
            else:
                yield member_id, name, phone, None, *more


def main(source: str, target: str, keyed: bool) -> None:
    with closing(sqlite3.connect(target)) as database:
        database.execute(TABLE)
        with database:
            database.executemany("INSERT INTO voter VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows(source, keyed))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], "--keyed" in sys.argv)
