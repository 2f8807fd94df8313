"""What an inspection of the store finds, and how the operator hears of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from election.errors import OperatorRefusal


@dataclass(frozen=True, slots=True)
class Damage:
    """So many rows of this table are not as the program left them: changed, missing, or too many. `rows` is 0 where
    the table cannot be read at all."""

    table: str
    rows: int

    def __str__(self) -> str:
        if not self.rows:
            return f"{self.table} cannot be read"
        return f"{self.rows} {'row' if self.rows == 1 else 'rows'} of {self.table}"


class StoreDamaged(OperatorRefusal):
    """The store is not as the program left it. `found` names the tables, at least one."""

    def __init__(self, found: Sequence[Damage]) -> None:
        told = ", ".join(map(str, found))
        super().__init__(
            "store_damaged",
            f"The store is damaged ({told}): something other than dauys has written there, or SECRET_KEY_FILE is not"
            " the one it was made with; keep a copy of it for the committee and go back to a backup.",
        )
        self.found = tuple(found)
