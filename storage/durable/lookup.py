"""A look-up by key, written out once for a driver, so that nothing stands between it and the database afterwards."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Dialect, Select


class Lookup:
    """A statement as text for the driver of one database, what goes in, and what its rows mean."""

    def __init__(self, statement: Select[Any], dialect: Dialect) -> None:
        written = statement.compile(dialect=dialect)
        self.text = str(written)
        self._in_order = tuple(written.positiontup or ())
        self._constants = {name: mark.value for name, mark in written.binds.items() if not mark.required}
        readers = (
            column.type.dialect_impl(dialect).result_processor(dialect, None) for column in statement.selected_columns
        )
        self._readers = [(place, read) for place, read in enumerate(readers) if read is not None]

    def values(self, sought: Mapping[str, str | bytes]) -> Sequence[Any]:
        """The statement's parameters in their order."""
        named = {**self._constants, **sought}
        return [named[name] for name in self._in_order]

    def row(self, found: Sequence[Any]) -> tuple[Any, ...]:
        """A row of the driver's as the columns' types have it in Python."""
        values = list(found)
        for place, read in self._readers:
            values[place] = read(values[place])
        return tuple(values)


class Lookups(dict[Select[Any], Lookup]):
    """Every look-up asked for so far, by its statement."""

    def __init__(self, dialect: Dialect) -> None:
        super().__init__()
        self._dialect = dialect

    def __missing__(self, statement: Select[Any]) -> Lookup:
        self[statement] = Lookup(statement, self._dialect)
        return self[statement]
