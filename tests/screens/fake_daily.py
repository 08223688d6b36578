"""The made-up fleet behind the daily status: how each node stood on a day, and the rules behind it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from cloutui.model.status import Status
from tests.screens.fake_session import TODAY, FakeNode, FakeSession

_REASONS = {
    Status.ERROR: ("Failed 12", "status:failed"),
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
    """Rows of `daily` in the columns that the report promises."""

    def _unit_name(self, node: FakeNode) -> str:
        return next(name for unit_id, _, name in self.fleet.units if unit_id == node.unit_id)

    def _rows_of_daily(
        self, nodes: list[FakeNode], *, day: str = "", revision: int | None = None
    ) -> list[dict[str, Any]]:
        at = date.fromisoformat(day) if day else TODAY
        rows = [self._report(node, at) for node in nodes]
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
            "revision": 0 if day >= TODAY - timedelta(days=1) else 1,
            "unit_id": node.unit_id,
            "node_id": node.node_id,
        }
