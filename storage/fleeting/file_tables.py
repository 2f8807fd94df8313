"""The tables of the file twin. Times and `until` are in microseconds since 1970 UTC. They are cut at each semicolon, so
that none may stand in a comment."""

FORM = 4
"""Of the tables; a file of another form is emptied."""

TABLES = """
DROP TABLE IF EXISTS kept;
DROP TABLE IF EXISTS secret;
DROP TABLE IF EXISTS spent;
DROP TABLE IF EXISTS counted;
DROP TABLE IF EXISTS held;
DROP TABLE IF EXISTS bucket;
-- values and marks, with a rowid: without one a value of a kilobyte takes a page of its own and moves at each put
CREATE TABLE kept (
    key TEXT PRIMARY KEY, value BLOB NOT NULL, until INTEGER NOT NULL
) STRICT;
CREATE INDEX kept_until ON kept (until);
-- what may be tried a few times
CREATE TABLE secret (
    key TEXT PRIMARY KEY, value BLOB NOT NULL, tries_left INTEGER NOT NULL, until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX secret_until ON secret (until);
-- a row each time something was spent
CREATE TABLE spent (key TEXT NOT NULL, at INTEGER NOT NULL, until INTEGER NOT NULL) STRICT;
CREATE INDEX spent_by_key ON spent (key, at);
CREATE INDEX spent_until ON spent (until);
-- counters
CREATE TABLE counted (
    key TEXT PRIMARY KEY, n INTEGER NOT NULL, until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX counted_until ON counted (until);
-- who has something to himself. Few rows, so that without an index the purge sees them all
CREATE TABLE held (
    key TEXT PRIMARY KEY, holder BLOB NOT NULL, until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
-- the pace of all processes
CREATE TABLE bucket (
    key TEXT PRIMARY KEY, due INTEGER NOT NULL, still INTEGER NOT NULL, until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
"""
DROP = (
    "DELETE FROM kept WHERE key = ?",
    "DELETE FROM secret WHERE key = ?",
    "DELETE FROM spent WHERE key = ?",
    "DELETE FROM counted WHERE key = ?",
)
PURGE = (
    "DELETE FROM kept WHERE until <= ?",
    "DELETE FROM secret WHERE until <= ?",
    "DELETE FROM spent WHERE until <= ?",
    "DELETE FROM counted WHERE until <= ?",
    "DELETE FROM held WHERE until <= ?",
    "DELETE FROM bucket WHERE until <= ?",
)
