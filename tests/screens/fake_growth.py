"""The made-up fleet behind the screens of weeks and graphs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

from cloutui.model.status import Status
from cloutui.model.step import Step
from tests.screens.fake_daily import DailyRows
from tests.screens.fake_session import TODAY, FakeNode

GIB = 2**30
_DAYS_OF_A_YEAR = 52 * 7 + TODAY.weekday() + 1


class GrowthRows(DailyRows):
    """Everything grows a little every day, and every seventh day a little more is sent."""

    closed_as: Mapping[date, Status] = MappingProxyType({})
    """How a node's days closed, where they did."""

    def _rows_of_weeks(self, nodes: list[FakeNode], **asked: Any) -> list[dict[str, Any]]:
        own = [node for node in nodes if asked.get("node_id") in {None, node.node_id}]
        last = date.fromisoformat(asked.get("last") or TODAY.isoformat())
        first = date.fromisoformat(asked["first"]) if "first" in asked else None
        count = (last - first).days + 1 if first else _DAYS_OF_A_YEAR
        days = [last - timedelta(days=count - 1 - place) for place in range(count)]
        rows = [self._week_row(own, day, one=asked.get("node_id") is not None) for day in days]
        if "node_id" not in asked or "schedule" in asked:
            return rows
        closed = self.closed_as
        return [row | {"status": closed[row["day"]], "closed": "yes"} if row["day"] in closed else row for row in rows]

    def _week_row(self, nodes: list[FakeNode], day: date, *, one: bool) -> dict[str, Any]:
        statuses = [status for node in nodes if (status := self._status(node, day)) is not Status.NONE]
        bad = sum(status.is_bad for status in statuses)
        names = dict.fromkeys(("node", "unit", "server"))
        if one and statuses:
            node = nodes[0]
            names = {"node": node.name, "unit": self._unit_name(node), "server": node.server}
        status = max(statuses, default=Status.NONE)
        if not one and statuses:
            share = 100 * (1 - bad / len(statuses))
            status = Status.OK if share >= 98 else Status.WARNING if share >= 95 else Status.ERROR
        year, week, _ = day.isocalendar()
        return {
            "day": day,
            "week": f"{year}-W{week:02}",
            "weekday": f"{day:%a}",
            "status": status,
            "result": 12 if one and status is Status.ERROR else None,
            "worst": status,
            "closed": "",
            **_held(nodes, day, bool(statuses)),
            "jobs": len(statuses),
            "bad": bad,
            **names,
        }

    def _rows_of_trends(self, nodes: list[FakeNode], **asked: Any) -> list[dict[str, Any]]:
        step, days = Step(asked.get("step", "day")), int(asked.get("days", 90))
        firsts = step.firsts(TODAY - timedelta(days=days - 1), TODAY)
        before = firsts[0] - (TODAY - firsts[0]) - timedelta(days=1)
        return [_trend_row(nodes, day, before + (day - firsts[0]), bool(asked.get("previous"))) for day in firsts]


def _held(nodes: list[FakeNode], day: date, is_known: bool) -> dict[str, Any]:
    if not is_known:
        return {"stored": None, "growth": None, "sent": None}
    age = (TODAY - day).days
    growth = 0.1 + 0.7 * (day.day % 5 == 0)
    return {"stored": _stored(nodes, age), "growth": growth, "sent": _sent(nodes, day)}


def _stored(nodes: list[FakeNode], age: int) -> int:
    return int(sum((node.node_id % 13 + 1) * 340 * GIB for node in nodes) * (1 - age / 1000))


def _sent(nodes: list[FakeNode], day: date) -> int:
    return len(nodes) * (40 if day.weekday() == 6 else 12 + day.day % 7) * GIB


def _trend_row(nodes: list[FakeNode], day: date, before: date, previous: bool) -> dict[str, Any]:
    told: Mapping[str, Any] = {
        "stored": _stored(nodes, (TODAY - day).days),
        "sent": _sent(nodes, day),
        "nodes": max(1, len(nodes) - (TODAY - day).days // 10),
        "saved": 58.0,
    }
    then: Mapping[str, Any] = {
        "stored": _stored(nodes, (TODAY - before).days),
        "sent": _sent(nodes, before),
        "nodes": max(1, len(nodes) - (TODAY - before).days // 10),
        "saved": 57.0,
    }
    if not nodes:
        told = then = dict.fromkeys(told)
    return {
        "day": day,
        **told,
        "growth": 0.1,
        **{f"{name}_before": value if previous else None for name, value in then.items()},
    }
