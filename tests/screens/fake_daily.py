"""The made-up fleet behind the daily status: how each node stood on a day, and the rules behind it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import Any

from cloutui.model.severity import KINDS, checked_key, checked_value
from cloutui.model.status import Status
from tests.screens.fake_session import TODAY, FakeNode, FakeSession

_REASONS = {
    Status.ERROR: ("Failed 12", "status:error"),
    Status.MISSED: ("Missed", "status:missed"),
    Status.UNKNOWN: ("Server silent", "server-silent"),
    Status.OKWARN: ("OK, 12 skipped", "result:4"),
    Status.RUNNING: ("Running", ""),
    Status.PENDING: ("Pending 16:00", ""),
}
_WARNINGS = (("Growth +18.2%", "growth"), ("No activity 4d", "no-activity"), ("Limit 90%", "limit"))
_PLATFORMS = ("8.1.27.0", "8.1.23.0", "8.1.25.100")
_DOMAINS = ("PD_SQL", "PD_WIN", "PD_LX")


class DailyRows(FakeSession):
    """Rows of the reports on days and their rules, in the columns that they promise."""

    own_rule = "message:ANE4987"
    """The key of the rule that the unit says itself."""
    said_since: Mapping[int, str] = MappingProxyType({})
    """By node: what was said of a closed day since."""

    def _unit_name(self, node: FakeNode) -> str:
        return next(name for unit_id, _, name in self.fleet.units if unit_id == node.unit_id)

    def _rows_of_daily(
        self, nodes: list[FakeNode], *, day: str = "", revision: int | None = None
    ) -> list[dict[str, Any]]:
        at = date.fromisoformat(day) if day else TODAY
        rows = [self._report(node, at) for node in nodes]
        if revision is not None:
            rows = [{**row, "revision": revision} for row in rows]
        return sorted(rows, key=lambda row: (-row["status"], row["node"]))

    def _report(self, node: FakeNode, day: date) -> dict[str, Any]:
        number, status = node.node_id - 1000, self._status(node, day)
        word = _WARNINGS[number % 3] if status is Status.WARNING else _REASONS.get(status, (status.word, ""))
        run = 0
        while run < len(node.statuses) and self._status(node, day - timedelta(days=run)).is_bad and status.is_bad:
            run += 1
        is_taken = status.is_problem and number % 4 == 2
        good = next((back for back in range(30) if self._status(node, day - timedelta(days=back)) in {2, 5}), None)
        ended = datetime.combine(day, time(1, 22))
        return {
            "status": status,
            "node": node.name,
            "unit": self._unit_name(node),
            "reason": word[0],
            "stored": (node.node_id % 13 + 1) * 340 * 2**30,
            "delta": None if status.is_bad else (18.2 if word[1] == "growth" else (number % 7 - 2) / 10),
            "sent": 0 if status is Status.ERROR else None if status is Status.MISSED else (number % 11 + 1) * 3 * 2**30,
            "last_ok": None if good is None else ended - timedelta(days=good),
            "run": run,
            "handled": "acknowledged OP1" if is_taken else "",
            "comments": 2 if is_taken else int(status is Status.ERROR),
            "comment": "Disk E: is locked; the customer restarts it on Sunday" if status.is_bad else None,
            "warnings": "Growth +18.2%" if status is Status.ERROR else "",
            "tags": "vip" if number % 5 == 0 else "",
            "server": node.server,
            "domain": _DOMAINS[number % 3],
            "platform": ("WinNT", "Linux x86-64", "AIX")[number % 3],
            "client_version": _PLATFORMS[number % 3],
            "product": "storage-protect",
            "rule": word[1],
            "source": "site",
            "revision": 0 if day >= TODAY - timedelta(days=1) else 2 if day == TODAY - timedelta(days=2) else 1,
            "unit_id": node.unit_id,
            "node_id": node.node_id,
        }

    def _rows_of_daily_since(
        self, nodes: list[FakeNode], *, day: str = "", revision: int | None = None
    ) -> list[dict[str, Any]]:
        names = {"handled": "", "comments": 0, "comment": ""}
        return [
            {
                **names,
                "node": n.name,
                "unit": "",
                "since": self.said_since[n.node_id],
                "unit_id": 1,
                "node_id": n.node_id,
            }
            for n in nodes
            if n.node_id in self.said_since
        ]

    # The rules behind it.

    def _rows_of_node_grades(self, nodes: list[FakeNode], *, node_id: int, day: str = "") -> list[dict[str, Any]]:
        node = next(node for node in nodes if node.node_id == node_id)
        row = self._report(node, date.fromisoformat(day) if day else TODAY)
        if not row["rule"]:
            return []
        first = {"status": row["status"], "reason": row["reason"], "rule": row["rule"], "decided": "yes"}
        told = [{**first, "value": "error", "found": "", "source": "site", "product": ""}]
        if row["warnings"]:
            grown = {
                "status": Status.WARNING,
                "reason": "Growth",
                "rule": "growth",
                "decided": "",
                "value": "warning 10%",
            }
            told.append({**grown, "found": "18.2%", "source": "Fjord Retail", "product": ""})
        return [{**each, "unit_id": None} for each in told]

    def _rows_of_severity_rules(self, nodes: list[FakeNode], *, node_id: int | None = None) -> list[dict[str, Any]]:
        return [self._rule(key, *said, self.own_rule if node_id is None else None) for key, said in _RULES.items()]

    def _rule(self, key: str, value: str, grade: Status, source: str, product: str, own: str | None) -> dict[str, Any]:
        kind = KINDS[key.partition(":")[0]]
        return {
            "key": key,
            "product": product,
            "value": value,
            "source": "Nordhavn Backup" if key == own else source,
            "own": "yes" if key == own else "",
            "grade": grade,
            "limit_text": value.partition(" ")[2],
            "help": kind.help,
            "kind": kind.name,
            "unit_id": None,
        }

    def _rows_of_severity_preview(
        self, nodes: list[FakeNode], *, key: str, value: str = "", product: str = "", node_id: int | None = None
    ) -> list[dict[str, Any]]:
        checked_value(checked_key(key), value or "off")
        changing = [node for node in nodes if node.node_id % 7 == 3 and value != "off"]
        return [
            {
                "node": node.name,
                "unit": self._unit_name(node),
                "status_now": Status.OK,
                "reason_now": "OK",
                "status": Status.WARNING,
                "reason": "Growth",
                "server": node.server,
                "node_id": node.node_id,
            }
            for node in changing
        ]


_RULES = {
    "status:error": ("error", Status.ERROR, "site", ""),
    "status:missed": ("missed", Status.MISSED, "site", ""),
    "status:warning": ("warning", Status.WARNING, "site", ""),
    "message:ANE4987": ("okwarn", Status.OKWARN, "Nordhavn Backup", ""),
    "at-risk": ("warning 24h", Status.WARNING, "site", "storage-protect"),
    "growth": ("warning 10%", Status.WARNING, "above", ""),
    "limit": ("off", Status.NONE, "site", ""),
    "server-silent": ("unknown 30m", Status.UNKNOWN, "site", ""),
}
