"""Acts that are to be told and that no broadcast announces yet."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, exists, func, not_, select

from election.ports import Act
from storage.durable.column_types import Moment
from storage.durable.schema import act as acts
from storage.durable.schema import broadcast

_ACT: Select[Any] = select(*(acts.c[each.name] for each in fields(Act)))
_TOLD = exists().where(broadcast.c.act == acts.c.number)


def unannounced(connection: Connection, kinds: Sequence[str], since: datetime) -> list[Act]:
    """See election.broadcasts.Broadcasting."""
    fresh = func.coalesce(acts.c.decided_at, acts.c.at) >= bindparam("since", since, type_=Moment())
    wanted = _ACT.where(acts.c.state == "done", acts.c.kind.in_(kinds), fresh, not_(_TOLD))
    return [Act(*row) for row in connection.execute(wanted.order_by(acts.c.number))]
