"""The activity log: who did what, when and why. And one line of it, with all that it holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from cloutui.errors import Invalid
from cloutui.model.action_class import ActionClass
from cloutui.model.privilege import Privilege
from cloutui.model.table import Column, Kind
from cloutui.reports.registry import Report, register
from cloutui.reports.span import DaySpan, bound_days

_USUAL_DAYS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityParameters(DaySpan):
    """Which lines."""

    user: str | None = field(default=None, metadata={"help": "Only what this user did, by name."})


def _bind(parameters: ActivityParameters, context: Mapping[str, Any]) -> Mapping[str, object]:
    """Days from midnight to midnight in the zone of the scope: what people mean by them. Raises: Invalid."""
    days = bound_days(parameters, context, usual=_USUAL_DAYS)
    zone = ZoneInfo(context["time_zone"])
    try:
        since, until = _midnight(days["first"], zone), _midnight(days["last"], zone, timedelta(days=1))
    except OverflowError:
        raise Invalid("There are no such days.", hint="Ask for days of this century.") from None
    return {"since": since, "until": until, "user": parameters.user}


def _midnight(day: object, zone: ZoneInfo, after: timedelta = timedelta()) -> datetime:
    assert isinstance(day, date)
    return datetime.combine(day + after, time(), zone).astimezone(UTC)


_CLASS = (
    "CASE action_class "
    + " ".join(f"WHEN {each.value} THEN '{each.name.lower()}'" for each in ActionClass)
    + " END AS class"
)

_SHARED = f"""
    "at", actor, role, unit, action, {_CLASS}, target_kind AS kind, target_name AS target, sentence, outcome, reason,
    face, seq, session_id AS session, unit_id
"""

_LINE = (
    Column(name="at", kind=Kind.TIME),
    Column(name="actor", kind=Kind.TEXT),
    Column(name="role", kind=Kind.TEXT, priority=6),
    Column(name="unit", kind=Kind.TEXT, priority=4),
    Column(name="action", kind=Kind.TEXT, priority=2),
    Column(name="class", kind=Kind.TEXT, priority=5),
    Column(name="kind", kind=Kind.TEXT, priority=7),
    Column(name="target", kind=Kind.TEXT, priority=3),
    Column(name="sentence", kind=Kind.TEXT),
    Column(name="outcome", kind=Kind.TEXT, priority=2),
    Column(name="reason", kind=Kind.TEXT, priority=3),
    Column(name="face", kind=Kind.TEXT, priority=5),
    Column(name="seq", kind=Kind.COUNT, title="number", priority=6),
    Column(name="session", kind=Kind.TEXT, priority=9),
    Column(name="unit_id", kind=Kind.COUNT, priority=9),
)

ACTIVITY = register(
    Report(
        name="activity",
        needs=Privilege.ACTIVITY_VIEW,
        summary="What was done, by whom and why, newest first.",
        params=ActivityParameters,
        bind=_bind,
        columns=_LINE,
        sql=f"SELECT {_SHARED} FROM scoped_activity ORDER BY seq DESC",
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OneLine:
    """Which line."""

    seq: int = field(metadata={"help": "The line's number, as the report `activity` gives it."})


ACTIVITY_ENTRY = register(
    Report(
        name="activity-entry",
        needs=Privilege.ACTIVITY_VIEW,
        summary="One line of the activity log, with what was before and after, and its hash.",
        params=OneLine,
        columns=(
            *_LINE,
            Column(name="params", kind=Kind.TEXT, priority=5),
            Column(name="before", kind=Kind.TEXT, priority=3),
            Column(name="after", kind=Kind.TEXT, priority=3),
            Column(name="intent_seq", kind=Kind.COUNT, priority=8),
            Column(name="hash", kind=Kind.TEXT, priority=4),
        ),
        sql=f"SELECT {_SHARED}, params, before, after, intent_seq, hash FROM scoped_activity_entry",
    )
)
