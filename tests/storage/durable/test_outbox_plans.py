"""Letters are found by an index, however many wait: what the databases themselves say they would do."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, event

from storage.durable.outbox import claim_letters, put_letter, stranded_letters
from storage.durable.store import keeper_of
from tests.storage.durable.polling import NOW, SEAL_KEY, letter

HOUR = timedelta(hours=1)


def said_by(connection: Connection, work: Callable[[], object]) -> list[tuple[str, Sequence[Any]]]:
    """The statements that go to the driver, with their parameters."""
    said: list[tuple[str, Sequence[Any]]] = []

    def note(_: object, __: object, statement: str, parameters: Sequence[Any], *___: object) -> None:
        said.append((statement, parameters))

    event.listen(connection, "before_cursor_execute", note)
    work()
    event.remove(connection, "before_cursor_execute", note)
    return said


def plan(connection: Connection, statement: str, parameters: Sequence[Any]) -> str:
    if connection.dialect.name == "sqlite":
        return str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", tuple(parameters)).all())
    # the plan for any parameters, as a kept statement comes to have; a table as small as this would be read whole
    connection.exec_driver_sql("SET LOCAL plan_cache_mode = force_generic_plan")
    connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
    connection.exec_driver_sql("SET LOCAL enable_bitmapscan = off")
    connection.exec_driver_sql(f"PREPARE asked AS {statement}")
    literals = ", ".join("NULL" if value is None else repr(value) for value in parameters)
    found = connection.exec_driver_sql(f"EXPLAIN EXECUTE asked({literals})").all()
    connection.exec_driver_sql("DEALLOCATE asked")
    return str(found)


async def test_a_claim_looks_at_none_but_the_letters_it_takes(url: str) -> None:
    def plans(connection: Connection) -> list[str]:
        for number in range(400):  # in an empty table all indexes are as good
            kind = ("code", "notice", "broadcast")[number % 3]
            put_letter(connection, letter(kind=kind, due_at=NOW + HOUR, expires_at=NOW + 2 * HOUR))
        connection.exec_driver_sql("ANALYZE outbox")
        said = said_by(connection, lambda: claim_letters(connection, NOW, 20))
        return [plan(connection, *each) for each in said]

    async with await keeper_of(url, SEAL_KEY) as keeper:
        expired, *turns = await keeper.write(plans)
    assert "outbox_by_expiry" in expired
    assert len(turns) == 3  # codes, then notices, then broadcasts
    for turn in turns:
        assert "outbox_by_turn" in turn
        assert "Sort" not in turn
        assert "TEMP B-TREE" not in turn
    for each in (expired, *turns):
        assert "Seq Scan on outbox" not in each
        assert "SCAN outbox" not in each


async def test_a_look_for_the_stranded_sees_only_what_is_under_way(url: str) -> None:
    def plans(connection: Connection) -> list[str]:
        said = said_by(connection, lambda: stranded_letters(connection, NOW))
        return [plan(connection, *each) for each in said]

    async with await keeper_of(url, SEAL_KEY) as keeper:
        (look,) = await keeper.write(plans)
    assert "outbox_under_way" in look
    assert "Sort" not in look
    assert "TEMP B-TREE" not in look
