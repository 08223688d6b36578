"""The made-up fleet behind the screens of what was promised."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from cloutui.model.sla import Period, PeriodName, standing
from cloutui.model.status import Status
from tests.screens.fake_session import TODAY, FakeNode, FakeSession

_GOALS = {"Kommune Syd": 97.0, "Fjord Retail": 98.5, "Acme ApS": 99.0}


def _period(asked: dict[str, Any]) -> Period:
    if "first" in asked:
        return Period(date.fromisoformat(asked["first"]), date.fromisoformat(asked["last"]))
    return Period.named(PeriodName(asked.get("period", "this-month")), TODAY)


class SlaRows(FakeSession):
    """Every node has a job a day."""

    def _counted(self, nodes: list[FakeNode], period: Period) -> dict[str, int]:
        days = (period.judged_on(TODAY) - period.first).days + 1
        found = [self._status(node, period.first + timedelta(days=n)) for node in nodes for n in range(days)]
        words = {"ok": Status.OK, "okwarn": Status.OKWARN, "warning": Status.WARNING}
        words |= {"failed": Status.ERROR, "missed": Status.MISSED}
        return {word: found.count(status) for word, status in words.items()}

    def _goal_of(self, unit_id: int) -> tuple[float, str, str | None]:
        parents = {unit: (parent, name) for unit, parent, name in self.fleet.units}
        above: int | None = unit_id
        while above is not None:
            parent, name = parents[above]
            if name in _GOALS:
                return _GOALS[name], "own" if above == unit_id else "inherited", name
            above = parent
        return 98.0, "default", None

    def _rows_of_sla(self, nodes: list[FakeNode], **asked: Any) -> list[dict[str, Any]]:
        """The deepest unit that has all of the nodes stands for the one that is asked about."""
        shown = {node.unit_id for node in nodes}
        holders = [unit_id for unit_id, _, _ in self.fleet.units if self.fleet.below(unit_id) >= shown]
        top = min(holders, key=lambda unit_id: len(self.fleet.below(unit_id))) if nodes else holders[0]
        below = self.fleet.below(top)
        if asked.get("levels") == 1:
            below = {unit_id for unit_id, parent, _ in self.fleet.units if unit_id == top or parent == top}
        rows = [self._sla(unit_id, name, _period(asked)) for unit_id, _, name in self.fleet.units if unit_id in below]
        return sorted(rows, key=lambda row: (row["unit_id"] != top, -row["status"], row["good"] - row["jobs"]))

    def _sla(self, unit_id: int, name: str, period: Period) -> dict[str, Any]:
        nodes = [node for node in self.fleet.nodes if node.unit_id in self.fleet.below(unit_id)]
        counted = self._counted(nodes, period)
        jobs, good = sum(counted.values()), counted["ok"] + counted["okwarn"]
        goal, source, set_on = self._goal_of(unit_id)
        is_open = period.last >= TODAY
        expected = jobs + len(nodes) * (period.last - TODAY).days if is_open else 0
        found = standing(jobs=jobs, good=good, goal=int(goal * 10), expected=expected)
        own = "·" if found.result is None else f"{found.result:.1f}"
        return {
            "unit_id": unit_id,
            "unit": name,
            "status": found.status,
            "goal": goal,
            "source": source if is_open else "closed",
            "set_on": set_on,
            "jobs": jobs,
            **counted,
            "good": good,
            "result": None if found.result is None else float(found.result),
            "left": found.left,
            "months": f"· 97.9 98.4 9{5 + unit_id % 5}.1 98.0 {own}",
            "counts": "scheduled jobs only, OK+warn counts as OK",
            "revision": 0 if is_open else 1,
        }

    def _rows_of_sla_causes(self, nodes: list[FakeNode], **asked: Any) -> list[dict[str, Any]]:
        period = _period(asked)
        rows: list[dict[str, Any]] = []
        for node in nodes:
            counted = self._counted([node], period)
            cost = counted["warning"] + counted["failed"] + counted["missed"]
            name = next(name for unit_id, _, name in self.fleet.units if unit_id == node.unit_id)
            told = {word: count for word, count in counted.items() if word != "ok"}
            last = next((day for day in self._back(period) if self._status(node, day).is_problem), None)
            if cost:
                who = {"node": node.name, "unit": name, "server": node.server, "node_id": node.node_id}
                rows.append({**who, "unit_id": node.unit_id, "cost": cost, **told, "last_bad": last})
        whole = sum(row["cost"] for row in rows)
        shared = [{**row, "share": 100 * row["cost"] / whole} for row in rows]
        return sorted(shared, key=lambda row: (-row["cost"], row["node"]))

    def _back(self, period: Period) -> list[date]:
        last = period.judged_on(TODAY)
        return [last - timedelta(days=back) for back in range((last - period.first).days + 1)]
