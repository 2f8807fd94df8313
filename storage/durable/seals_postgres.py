"""Seals on PostgreSQL: triggers that take the key from a setting of the program's own sessions.

Without the setting, as in any other session, they make no seal. The form of a row that is sealed is PostgreSQL's own
text of it, which a session of the program always writes alike: no column of ours holds what a setting could change but
bytes, and `bytea_output` is set.
"""

from collections.abc import Iterable

from sqlalchemy import Connection, text

from storage.durable.seals import SEAL_BYTES, SEALED

SETTING = "dauys.seal_key"
"""Holds the key, in hex."""

_KEY = f"decode(current_setting('{SETTING}', true), 'hex')"


def seal_all(connection: Connection) -> None:
    """Seal every row as it stands, and from now on every row that is written."""
    for table, columns in SEALED.items():
        connection.exec_driver_sql(f"UPDATE {table} SET seal = {_seal(table, columns, '', _KEY)}")  # noqa: S608
        connection.exec_driver_sql(_function(table, columns))
        listed = ", ".join(f'"{column}"' for column in (*columns, "seal"))
        connection.exec_driver_sql(
            f"CREATE OR REPLACE TRIGGER seal BEFORE INSERT OR UPDATE OF {listed} ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION seal_{table}()"
        )


def lift_seals(connection: Connection) -> None:
    """Take the triggers away, for as long as tables are changed."""
    for table in SEALED:
        if connection.execute(text("SELECT to_regclass(:table)"), {"table": table}).scalar_one() is not None:
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS seal ON {table}")


def broken_rows(connection: Connection, table: str, columns: Iterable[str]) -> int:
    """How many rows of this table have not the seal they should have."""
    seal = _seal(table, columns, "", _KEY)
    found = connection.exec_driver_sql(f"SELECT count(*) FROM {table} WHERE seal IS DISTINCT FROM {seal}")  # noqa: S608
    return int(found.scalar_one())


def _seal(table: str, columns: Iterable[str], row: str, key: str) -> str:
    """The seal of a row, as an expression: of two things of fixed length, so that nothing can be added behind."""
    listed = ", ".join(f'{row}"{column}"' for column in columns)
    packed = f"convert_to(ROW('{table}', {listed})::text, 'UTF8')"
    return f"substring(sha256({key} || sha256({packed})) FOR {SEAL_BYTES})"


def _function(table: str, columns: Iterable[str]) -> str:
    """The damaged row that the program itself changes gets a seal that is none: damage stays damage."""
    names = tuple(columns)
    return f"""CREATE OR REPLACE FUNCTION seal_{table}() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE key bytea := {_KEY};
        BEGIN
          IF TG_OP = 'UPDATE' AND OLD.seal IS DISTINCT FROM {_seal(table, names, "OLD.", "key")} THEN
            NEW.seal := '';
          ELSE
            NEW.seal := {_seal(table, names, "NEW.", "key")};
          END IF;
          RETURN NEW;
        END $$"""
