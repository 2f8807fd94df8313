"""A broadcast as it is kept in a row, and read from one."""

import json
from typing import Any

from election.broadcasts import Broadcast, Counts, Plan, Progress, Scope
from election.definition import Words


def kept(plan: Plan) -> dict[str, Any]:
    """The columns of a plan, but for where it begins."""
    return {
        "kind": plan.kind,
        "ways": json.dumps(plan.ways),
        "channels": json.dumps(sorted(plan.channels), ensure_ascii=False),
        "said": _packed(plan.text),
        "bulletin": plan.bulletin or None,
        "act": plan.act or None,
        "circle": _drawn(plan.only),
        "made_by": plan.by,
        "made_at": plan.made_at,
        "due_at": plan.due_at,
    }


def place(progress: Progress) -> dict[str, Any]:
    """The columns that say how far it has come."""
    return {"leg": progress.leg, "passed": progress.after, "begun": json.dumps(progress.begun)}


def _packed(text: Words | None) -> str:
    return "" if text is None else json.dumps({"kk": text.kk, "ru": text.ru, "en": text.en}, ensure_ascii=False)


def _drawn(only: Scope) -> str:
    told = {"regions": only.regions, "branches": only.branches, "member": only.member, "ruling": only.ruling}
    return "" if only == Scope() else json.dumps(told, ensure_ascii=False)


def _circle(kept: str) -> Scope:
    if not kept:
        return Scope()
    told = json.loads(kept)
    return Scope(_named(told["regions"]), _named(told["branches"]), told["member"], told["ruling"])


def _named(names: list[str] | None) -> tuple[str, ...] | None:
    return None if names is None else tuple(names)


def read(row: Any) -> Broadcast:
    """The broadcast in a row."""
    plan = Plan(
        kind=row.kind,
        ways=tuple(json.loads(row.ways)),
        due_at=row.due_at,
        made_at=row.made_at,
        by=row.made_by,
        channels=tuple(json.loads(row.channels)),
        text=Words(**json.loads(row.said)) if row.said else None,
        bulletin=row.bulletin or 0,
        start=row.begins_behind,
        act=row.act or 0,
        only=_circle(row.circle),
    )
    begun = tuple((leg, key) for leg, key in json.loads(row.begun))
    return Broadcast(
        row.number,
        plan,
        row.state,
        Progress(row.leg, row.passed, begun),
        Counts(row.expected, row.sent, row.queued, row.blocked, row.failed, row.spared),
        row.began_at,
        row.ended_at,
    )
